"""PaddlePaddle 3.3.1: in the static graph of to_static a Python number is rounded to float32,
also where it meets a float64 tensor.

upstream: https://github.com/PaddlePaddle/Paddle/pull/75526
"""

import paddle

paddle.set_device("cpu")


def tenth(x):
    return 0.1 * x


x = paddle.to_tensor(1.0, "float64")
got = paddle.jit.to_static(tenth, full_graph=True)(x).item()
print("expected", tenth(x).item())
print("got", got)
raise SystemExit(abs(got - 0.1) < 1e-12)
