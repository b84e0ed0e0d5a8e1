"""TensorFlow 2.21.0: the gradient of tf.norm at 0 is NaN, where every subgradient has entries
between −1 and 1.

upstream: https://github.com/tensorflow/tensorflow/issues/12071
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x = tf.zeros(2)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = tf.norm(x)
got = tape.gradient(y, x).numpy()
print("expected entries in [-1, 1]")
print("got", got.tolist())
raise SystemExit(bool((abs(got) <= 1).all()))
