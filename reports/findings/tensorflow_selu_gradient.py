"""TensorFlow 2.21.0: the gradient of tf.nn.selu is computed from its output, as a sum that
cancels for negative inputs: 0 in place of λ α e^x.

upstream: https://github.com/tensorflow/tensorflow/issues/124834
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import math

import tensorflow as tf

x = tf.constant(-40.0, tf.float64)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = tf.nn.selu(x)
got = float(tape.gradient(y, x))
print("expected", 1.0507009873554804934 * 1.6732632423543772848 * math.exp(-40))
print("got", got)
raise SystemExit(got > 0)
