"""TensorFlow: tf.nn.gelu and tf.nn.leaky_relu round their constants to float32 in float64."""

import math
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

z = tf.constant(-1.5, tf.float64)
u = math.sqrt(2 / math.pi) * (-1.5 + 0.044715 * (-1.5) ** 3)
print("TensorFlow", tf.__version__, "(the first digits that differ are the 8th or 9th)")
print("gelu, expected", -0.75 * math.erfc(1.5 / math.sqrt(2)), "got", tf.nn.gelu(z).numpy())
print("gelu by tanh, expected", -0.75 * (1 + math.tanh(u)), "got",
      tf.nn.gelu(z, approximate=True).numpy())
print("leaky_relu, expected", -1.5 * 0.01, "got", tf.nn.leaky_relu(z, 0.01).numpy())
print("tf.cast(0.2, tf.float64), expected 0.2, got", tf.cast(0.2, tf.float64).numpy())
