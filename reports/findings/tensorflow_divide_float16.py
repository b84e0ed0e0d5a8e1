"""TensorFlow: the gradient of x / y for y overflows before the cotangent comes in."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

print("TensorFlow", tf.__version__)
for dtype, numbers in (
    (tf.float16, (100.0, 0.03125, 0.001)),
    (tf.float32, (1e20, 1e-10, 1e-10)),
):
    x, y, zbar = (tf.constant(n, dtype) for n in numbers)
    for cotangent in (zbar, 0 * zbar):
        with tf.GradientTape() as tape:
            tape.watch(y)
            z = x / y
        got = tape.gradient(z, y, cotangent).numpy()
        X, Y, Z = (float(n) for n in (x, y, cotangent))
        print(f"{dtype.name} x = {X:g}, y = {Y:g}, cotangent {Z:g}: expected {-Z * X / Y / Y:g}, "
              f"got {got:g}")
