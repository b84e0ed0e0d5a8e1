"""TensorFlow 2.21.0: the second derivative of the variance by tf.nn.moments is wrong: the mean in
it is a constant to its gradient, by stop_gradient, which is right once and not twice.

upstream: https://github.com/tensorflow/tensorflow/pull/19609
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x = tf.constant([1.0, 2.0, 4.0, 0.5])
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        inner.watch(x)
        mean, variance = tf.nn.moments(x, [0])
    slope = inner.gradient(variance, x)[0]
got = outer.gradient(slope, x).numpy().tolist()
print("expected", [0.375, -0.125, -0.125, -0.125])
print("got", got)
raise SystemExit(abs(got[1] + 0.125) < 1e-3)
