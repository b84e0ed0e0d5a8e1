"""PaddlePaddle 3.3.1: the gradient of vector_norm is divided by ‖x‖ + 1e-12: of a vector of norm
1e-12 it is half of what it should be.

upstream: none found
"""

import paddle

paddle.set_device("cpu")


def gradient(f, x):
    x.stop_gradient = False
    y = f(x)
    return paddle.grad([y], [x], [paddle.ones_like(y)])[0]


got = gradient(paddle.linalg.vector_norm, paddle.to_tensor([1e-12, 0.0], "float64")).tolist()
print("expected", [1.0, 0.0])
print("got", got)
raise SystemExit(bool(abs(got[0] - 1) < 1e-9))
