"""TensorFlow: the gradients of elu and selu cancel for negative inputs, computed as output + 1."""

import math
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

SCALE_ALPHA = 1.0507009873554804934 * 1.6732632423543772848
print("TensorFlow", tf.__version__)
for dtype, number in ((tf.float32, -15.0), (tf.float32, -20.0), (tf.float64, -40.0)):
    for name, function, scale in (("elu", tf.nn.elu, 1.0), ("selu", tf.nn.selu, SCALE_ALPHA)):
        z = tf.constant(number, dtype)
        with tf.GradientTape() as tape:
            tape.watch(z)
            y = function(z)
        expected, got = scale * math.exp(number), tape.gradient(y, z).numpy()
        print(f"{name} at {number} in {dtype.name}: expected {expected:.6g}, got {got:.6g}")
