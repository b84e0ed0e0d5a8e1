"""TensorFlow 2.21.0: the gradient of tf.experimental.numpy.take_along_axis along axis -2 raises
ValueError in a tf.vectorized_map.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf


def gradient(point):
    x, rows = point
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.experimental.numpy.take_along_axis(x, rows, -2)
    return tape.gradient(y, x)


points = tf.ones((2, 3, 2)), tf.zeros((2, 5, 2), tf.int64)
print("expected shape", tf.map_fn(gradient, points, tf.float32).shape)
try:
    print("got shape", tf.vectorized_map(gradient, points).shape)
except ValueError as raised:
    told = next(line for line in str(raised).splitlines() if "handle" in line)
    print("got ValueError:", told.strip().removeprefix("ValueError: ").split(" for <")[0])
    raise SystemExit(0) from None
raise SystemExit(1)
