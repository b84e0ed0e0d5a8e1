"""TensorFlow 2.21.0: the gradient of x / y for y, z̄ (−x / y / y), overflows before the
cotangent comes in, also where it is 0.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x, y = tf.constant(60000.0, tf.float16), tf.constant(0.5, tf.float16)
got = []
for cotangent in (0.001, 0.0):
    with tf.GradientTape() as tape:
        tape.watch(y)
        z = x / y
    got.append(float(tape.gradient(z, y, tf.constant(cotangent, tf.float16))))
print("expected", [-240.0, -0.0], "but for rounding")
print("got", got)
raise SystemExit(got[1] == 0)
