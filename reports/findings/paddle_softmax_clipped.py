"""PaddlePaddle 3.3.1: on a CPU softmax raises what lies more than 64 below the largest logit to
−64: a masked entry has a weight, and its gradient is not 0.

upstream: https://github.com/PaddlePaddle/Paddle/issues/69859
"""

import math

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
got = F.softmax(paddle.to_tensor([0.0, -200.0, -float("inf")], "float64")).tolist()
print("expected", [1.0, math.exp(-200), 0.0])
print("got", got)
raise SystemExit(bool(got[1] < 1e-80))
