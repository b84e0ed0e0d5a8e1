"""PaddlePaddle 3.3.1: the gradient of matmul raises where the right factor is broadcast and the
left one has one row: it adds up the wrong axes.

upstream: https://github.com/PaddlePaddle/Paddle/issues/75020
"""

import paddle

paddle.set_device("cpu")
x, w = paddle.ones([2, 3, 1, 4]), paddle.ones([3, 4, 5])
w.stop_gradient = False
print("expected", [3, 4, 5])
try:
    print("got", paddle.grad([(x @ w).sum()], [w])[0].shape)
except ValueError as raised:
    print("got ValueError:", str(raised).strip().splitlines()[-1].strip())
    raise SystemExit(0) from None
raise SystemExit(1)
