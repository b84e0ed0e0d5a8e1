"""PaddlePaddle 3.3.1: the gradient of matmul for one factor alone raises where the axis that is
summed over is empty: the kernel fills the other gradient too, which is null.

upstream: none found
"""

import paddle

paddle.set_device("cpu")
x, w = paddle.zeros([2, 0]), paddle.zeros([0, 3])
w.stop_gradient = False
print("expected a tensor of shape", [0, 3])
try:
    print("got a tensor of shape", paddle.grad([(x @ w).sum()], [w])[0].shape)
except ValueError as raised:
    print("got ValueError:", str(raised).strip().splitlines()[0])
    raise SystemExit(0) from None
raise SystemExit(1)
