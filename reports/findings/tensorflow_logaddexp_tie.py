"""TensorFlow 2.21.0: the gradients of tf.experimental.numpy.logaddexp at equal arguments are 1
and 0, those of maximum; they are 1/2 and 1/2.

upstream: https://github.com/tensorflow/tensorflow/pull/127741
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x, y = tf.constant(0.0), tf.constant(0.0)
with tf.GradientTape() as tape:
    tape.watch((x, y))
    z = tf.experimental.numpy.logaddexp(x, y)
got = [float(g) for g in tape.gradient(z, (x, y))]
print("expected", [0.5, 0.5])
print("got", got)
raise SystemExit(got == [0.5, 0.5])
