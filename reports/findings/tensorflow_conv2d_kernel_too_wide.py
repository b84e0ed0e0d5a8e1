"""TensorFlow: conv2d with a dilated kernel wider than the image returns memory that it did not write."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

image, kernel = tf.ones((1, 4, 4, 1)), tf.ones((3, 3, 1, 1))
print("TensorFlow", tf.__version__)
for dtype in (tf.float64, tf.float32, tf.float16, tf.bfloat16):
    y = tf.nn.conv2d(tf.cast(image, dtype), tf.cast(kernel, dtype), 1, "VALID", dilations=2)
    print(dtype.name, "expected shape (1, 0, 0, 1) or an error, got", tuple(y.shape))
print("The kernel's taps span 5 of 4 places. With TF_ENABLE_ONEDNN_OPTS=0 the shape is right.")
