"""PaddlePaddle 3.3.1: the gradient of the determinant at a singular matrix is 0 in place of the
cofactor matrix.

upstream: https://github.com/PaddlePaddle/Paddle/pull/74179
"""

import paddle

paddle.set_device("cpu")


def gradient(f, x):
    x.stop_gradient = False
    y = f(x)
    return paddle.grad([y], [x], [paddle.ones_like(y)])[0]


got = gradient(paddle.linalg.det, paddle.to_tensor([[1.0, 2.0], [2.0, 4.0]], "float64")).tolist()
print("expected", [[4.0, -2.0], [-2.0, 1.0]])
print("got", got)
raise SystemExit(bool(got[0][0] == 4))
