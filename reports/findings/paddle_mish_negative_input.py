"""PaddlePaddle 3.3.1: mish takes its softplus as log(1 + e^z) without log1p: for z = −20 in
float32 value and gradient are 0.

upstream: none found
"""

import math

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")


def gradient(f, x):
    x.stop_gradient = False
    y = f(x)
    return paddle.grad([y], [x], [paddle.ones_like(y)])[0]


z = paddle.to_tensor([-20.0])
got = [F.mish(z).item(), gradient(F.mish, z).item()]
print("expected", [-20 * math.exp(-20), -19 * math.exp(-20)])
print("got", got)
raise SystemExit(bool(got[0] < 0))
