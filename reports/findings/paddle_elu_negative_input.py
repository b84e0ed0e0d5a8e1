"""PaddlePaddle 3.3.1: the gradient of elu for negative z is y + α with a rounded y = α (e^z − 1):
it cancels.

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


got = gradient(F.elu, paddle.to_tensor([-15.0, -20.0])).tolist()
print("expected", [math.exp(-15), math.exp(-20)])
print("got", got)
raise SystemExit(bool(got[1] > 0))
