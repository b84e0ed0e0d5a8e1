"""TensorFlow 2.21.0: conv2d in bfloat16 leaves a row out where the stride is wide, by oneDNN on
a processor with AVX-512 or AMX; with TF_ENABLE_ONEDNN_OPTS=0 it is right.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

image = tf.reshape(tf.range(1.0, 7.0), (1, 3, 2, 1))  # rows (1, 2), (3, 4), (5, 6)
kernel = tf.reshape(tf.constant([1.0, 2.0]), (1, 2, 1, 1))
y = tf.nn.conv2d(tf.cast(image, tf.bfloat16), tf.cast(kernel, tf.bfloat16), (1, 2), "VALID")
got = tf.cast(y, tf.float32).numpy().ravel().tolist()
expected = [1.0 + 2 * 2, 3.0 + 2 * 4, 5.0 + 2 * 6]
print("expected", expected)
print("got", got)
raise SystemExit(got == expected)
