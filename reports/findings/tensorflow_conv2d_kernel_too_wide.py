"""TensorFlow 2.21.0: conv2d with a dilated kernel that is wider than the image returns an array
of the image's shape that was never written, by oneDNN; the result is empty.

upstream: https://github.com/tensorflow/tensorflow/issues/109175
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

y = tf.nn.conv2d(tf.ones((1, 4, 4, 1)), tf.ones((3, 3, 1, 1)), 1, "VALID", dilations=2)
print("expected shape", (1, 0, 0, 1), "as 5 places are needed and there are 4")
print("got shape", tuple(y.shape))
raise SystemExit(tuple(y.shape) == (1, 0, 0, 1))
