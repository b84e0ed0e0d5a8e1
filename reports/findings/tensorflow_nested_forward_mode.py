"""TensorFlow 2.21.0: in eager mode a ForwardAccumulator in another one gives a wrong second
derivative where an intermediate result is used twice, here of x³ at 0.7.

upstream: https://github.com/tensorflow/tensorflow/issues/127753
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x, one = tf.constant(0.7, tf.float64), tf.constant(1.0, tf.float64)
with tf.autodiff.ForwardAccumulator(x, one) as outer:
    with tf.autodiff.ForwardAccumulator(x, one) as inner:
        m = tf.identity(x)
        y = (m * m) * m
    slope = inner.jvp(y)
got = float(outer.jvp(slope))
print("expected", 6 * 0.7)
print("got", got)
raise SystemExit(abs(got - 4.2) < 1e-9)
