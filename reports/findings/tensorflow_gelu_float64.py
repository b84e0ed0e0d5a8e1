"""TensorFlow 2.21.0: tf.nn.gelu rounds its constants to float32, by tf.cast of a Python number:
half of the digits of float64 are wrong.

upstream: https://github.com/tensorflow/tensorflow/issues/57779
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import math

import tensorflow as tf

expected = -0.75 * math.erfc(1.5 / math.sqrt(2))
got = float(tf.nn.gelu(tf.constant(-1.5, tf.float64)))
print("expected", expected)
print("got", got)
raise SystemExit(abs(got / expected - 1) < 1e-12)
