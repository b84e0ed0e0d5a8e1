"""TensorFlow 2.21.0: the gradient of x ** 0 at 0 is NaN, 0 times 0⁻¹; x ** 0 is 1 for every x,
with slope 0.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x = tf.constant(0.0)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = x**0
got = float(tape.gradient(y, x))
print("expected", 0.0)
print("got", got)
raise SystemExit(got == 0)
