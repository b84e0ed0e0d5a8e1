"""TensorFlow 2.21.0: conv2d in float16 or bfloat16 with dilation ends the process, by oneDNN on
a processor with AVX-512 or AMX; in float32, and with TF_ENABLE_ONEDNN_OPTS=0, it does not.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import subprocess
import sys

CALL = """
import tensorflow as tf
image, kernel = tf.ones((1, 3, 1, 1), tf.{dtype}), tf.ones((3, 1, 1, 3), tf.{dtype})
edges = [(0, 0), (1, 1), (1, 1), (0, 0)]
print(tf.nn.conv2d(image, kernel, (2, 2), edges, dilations=(1, 2)).shape)
"""


def status(dtype):
    call = [sys.executable, "-c", CALL.format(dtype=dtype)]
    return subprocess.run(call, capture_output=True).returncode


print("expected exit status", status("float32"), "as in float32")
crashes = [status(dtype) for dtype in ("float16", "bfloat16")]
print("got exit status", *crashes, "in float16 and bfloat16")
raise SystemExit(not any(crashes))
