"""TensorFlow 2.21.0: tf.nn.leaky_relu rounds its slope to float32: half of the digits of float64
are wrong.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

got = float(tf.nn.leaky_relu(tf.constant(-1.5, tf.float64), 0.01))
print("expected", -1.5 * 0.01)
print("got", got)
raise SystemExit(abs(got / (-1.5 * 0.01) - 1) < 1e-12)
