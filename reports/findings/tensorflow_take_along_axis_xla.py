"""TensorFlow 2.21.0: the gradient of tf.experimental.numpy.take_along_axis along axis -2 raises
InvalidArgumentError where XLA compiles it: it is built for both outcomes of a condition on the
axis.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf


@tf.function(jit_compile=True)
def gradient(x, rows):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.experimental.numpy.take_along_axis(x, rows, -2)
    return tape.gradient(y, x)


x, rows = tf.ones((3, 2)), tf.zeros((5, 2), tf.int64)
print("expected", [[5.0, 5.0], [0.0, 0.0], [0.0, 0.0]])
try:
    print("got", gradient(x, rows).numpy().tolist())
except tf.errors.InvalidArgumentError as raised:
    print("got InvalidArgumentError:", str(raised.message).splitlines()[0])
    raise SystemExit(0) from None
raise SystemExit(1)
