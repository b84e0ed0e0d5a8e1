"""TensorFlow 2.21.0: the gradient of tf.math.xlogy for x is 0 where x = 0; it is log y.

upstream: https://github.com/tensorflow/tensorflow/issues/119476
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import math

import tensorflow as tf

x, y = tf.constant(0.0), tf.constant(0.5)
with tf.GradientTape() as tape:
    tape.watch(x)
    z = tf.math.xlogy(x, y)
got = float(tape.gradient(z, x))
print("expected", math.log(0.5))
print("got", got)
raise SystemExit(got != 0)
