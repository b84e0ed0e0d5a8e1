"""TensorFlow: conv2d in bfloat16 leaves rows out where the stride is wide (oneDNN, a CPU with AVX-512)."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

image = tf.reshape(tf.range(1.0, 7.0), (1, 3, 2, 1))  # rows (1, 2), (3, 4), (5, 6)
kernel = tf.reshape(tf.constant([1.0, 2.0]), (1, 2, 1, 1))
print("TensorFlow", tf.__version__)
for dtype in (tf.float32, tf.float16, tf.bfloat16):
    y = tf.nn.conv2d(tf.cast(image, dtype), tf.cast(kernel, dtype), (1, 2), "VALID")
    print(dtype.name, "expected [5, 11, 17], got", tf.cast(y, tf.float32).numpy().ravel().tolist())
print("With TF_ENABLE_ONEDNN_OPTS=0 all are right.")
