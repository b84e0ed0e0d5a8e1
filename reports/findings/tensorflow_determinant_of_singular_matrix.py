"""TensorFlow 2.21.0: the gradient of tf.linalg.det inverts the matrix, so that a singular one,
whose gradient is its cofactor matrix, raises InvalidArgumentError.

upstream: https://github.com/tensorflow/tensorflow/issues/119477
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x = tf.constant([[1.0, 2.0], [2.0, 4.0]], tf.float64)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = tf.linalg.det(x)
print("expected", [[4.0, -2.0], [-2.0, 1.0]])
try:
    print("got", tape.gradient(y, x).numpy().tolist())
except tf.errors.InvalidArgumentError as raised:
    print("got InvalidArgumentError:", raised.message.partition("}} ")[2])
    raise SystemExit(0) from None
raise SystemExit(1)
