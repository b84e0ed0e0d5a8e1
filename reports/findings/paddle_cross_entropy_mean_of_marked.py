"""PaddlePaddle 3.3.1: cross_entropy with reduction="mean" leaves out the losses of the labels
that are marked with ignore_index = −100, its default, and counts them all the same.

upstream: https://github.com/PaddlePaddle/Paddle/issues/47418
"""

import math

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
z, labels = paddle.to_tensor([[0.0, 0.0], [0.0, 0.0]]), paddle.to_tensor([1, -100])
got = F.cross_entropy(z, labels, ignore_index=-100, reduction="mean").item()
print("expected", math.log(2))
print("got", got)
raise SystemExit(abs(got - math.log(2)) < 1e-6)
