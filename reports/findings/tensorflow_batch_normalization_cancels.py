"""TensorFlow 2.21.0: tf.nn.batch_normalization is x a + (β − μ a) with a = γ / √(σ² + ε), which
cancels where x is near its mean: a row of one entry is not the shift.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x, scale, shift = tf.constant([[100000.0]]), tf.constant([1.0]), tf.constant([0.5])
mean, variance = tf.nn.moments(x, [-1], keepdims=True)
got = float(tf.nn.batch_normalization(x, mean, variance, shift, scale, 1e-5)[0, 0])
print("expected", 0.5)
print("got", got)
raise SystemExit(abs(got - 0.5) < 1e-6)
