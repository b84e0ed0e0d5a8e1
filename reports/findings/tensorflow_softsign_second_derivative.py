"""TensorFlow 2.21.0: tf.nn.softsign has no second derivative and no forward mode: its gradient
has no gradient.

upstream: https://github.com/tensorflow/tensorflow/pull/126092
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x = tf.constant(0.5)
print("expected", -2 / 1.5**3)
try:
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = tf.nn.softsign(x)
        slope = inner.gradient(y, x)
    print("got", float(outer.gradient(slope, x)))
except LookupError as raised:
    print("got LookupError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
