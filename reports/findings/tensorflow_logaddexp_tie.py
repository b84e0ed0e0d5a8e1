"""TensorFlow: the gradient of tf.experimental.numpy.logaddexp is wrong where its arguments are equal."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x, y = tf.constant([0.0, 1.0], tf.float64), tf.constant([0.0, 0.0], tf.float64)
with tf.GradientTape() as tape:
    tape.watch((x, y))
    z = tf.experimental.numpy.logaddexp(x, y)
xbar, ybar = tape.gradient(z, (x, y))
print("TensorFlow", tf.__version__)
print("for x expected", tf.sigmoid(x - y).numpy().tolist(), "got", xbar.numpy().tolist())
print("for y expected", tf.sigmoid(y - x).numpy().tolist(), "got", ybar.numpy().tolist())
