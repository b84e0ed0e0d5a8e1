"""TensorFlow: conv2d in 16 bits with dilation ends the process (oneDNN, a CPU with AVX-512)."""

import subprocess
import sys

CALL = """
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf
image, kernel = tf.ones((1, 3, 1, 1), tf.{dtype}), tf.ones((3, 1, 1, 3), tf.{dtype})
edges = [(0, 0), (1, 1), (1, 1), (0, 0)]
y = tf.nn.conv2d(image, kernel, (2, 2), edges, dilations=(1, 2))
print(tf.__version__, y.shape)
"""
for dtype in ("float32", "float16", "bfloat16"):
    done = subprocess.run(
        [sys.executable, "-c", CALL.format(dtype=dtype)], capture_output=True, text=True
    )
    print(f"{dtype}: expected shape (1, 2, 2, 3) and code 0, got {done.stdout.strip()!r} and code",
          done.returncode)
