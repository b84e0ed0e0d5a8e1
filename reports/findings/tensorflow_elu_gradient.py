"""TensorFlow 2.21.0: the gradient of tf.nn.elu is computed from its output, as a sum that
cancels for negative inputs: 0 in place of e^x.

upstream: https://github.com/tensorflow/tensorflow/issues/124833
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import math

import tensorflow as tf

x = tf.constant(-40.0, tf.float64)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = tf.nn.elu(x)
got = float(tape.gradient(y, x))
print("expected", math.exp(-40))
print("got", got)
raise SystemExit(got > 0)
