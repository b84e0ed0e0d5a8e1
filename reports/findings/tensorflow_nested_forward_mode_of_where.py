"""TensorFlow 2.21.0: a ForwardAccumulator in another one raises IndexError in a tf.function that
chooses by tf.where; in eager mode it does not.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

one = tf.constant(1.0)


@tf.function(autograph=False)
def second_derivative(x):
    with tf.autodiff.ForwardAccumulator(x, one) as outer:
        with tf.autodiff.ForwardAccumulator(x, one) as inner:
            y = tf.where(x > 0, x * x, x)
        slope = inner.jvp(y)
    return outer.jvp(slope)


print("expected", 2.0)
try:
    print("got", float(second_derivative(tf.constant(3.0))))
except IndexError as raised:
    print("got IndexError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
