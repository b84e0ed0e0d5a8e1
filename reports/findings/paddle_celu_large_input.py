"""PaddlePaddle 3.3.1: the gradient of celu is NaN for z/α above 88.7 in float32, where it is 1.

upstream: none found
"""

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")


def gradient(f, x):
    x.stop_gradient = False
    y = f(x)
    return paddle.grad([y], [x], [paddle.ones_like(y)])[0]


got = gradient(F.celu, paddle.to_tensor([88.0, 89.0])).tolist()
print("expected", [1.0, 1.0])
print("got", got)
raise SystemExit(bool(got[1] == 1))
