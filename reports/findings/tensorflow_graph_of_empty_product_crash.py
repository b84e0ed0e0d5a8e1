"""TensorFlow 2.21.0: a tf.function of a matrix product and a bias ends the process where the
matrices have an inner dimension of 0, by oneDNN; eagerly the result is the bias.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import subprocess
import sys

CALL = """
import tensorflow as tf
linear = {how}(lambda X, W, b: tf.matmul(X, W) + b)
print(linear(tf.zeros((3, 0)), tf.zeros((0, 2)), tf.ones(2)).numpy().tolist())
"""


def status(how):
    call = [sys.executable, "-c", CALL.format(how=how)]
    return subprocess.run(call, capture_output=True).returncode


print("expected exit status", status(""), "as in eager mode")
crashed = status("tf.function")
print("got exit status", crashed)
raise SystemExit(crashed == 0)
