"""TensorFlow 2.21.0: tf.experimental.numpy.logaddexp raises AttributeError for bfloat16.

upstream: https://github.com/tensorflow/tensorflow/issues/54818
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

one = tf.constant(1.0, tf.bfloat16)
print("expected", tf.math.log(tf.exp(one) + tf.exp(one)).numpy())
try:
    print("got", tf.experimental.numpy.logaddexp(one, one).numpy())
except AttributeError as raised:
    print("got AttributeError:", str(raised).strip().splitlines()[0])
    raise SystemExit(0) from None
raise SystemExit(1)
