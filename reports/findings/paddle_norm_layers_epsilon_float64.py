"""PaddlePaddle 3.3.1: the ε of batch_norm and layer_norm is rounded to float32, in float64 too.

upstream: https://github.com/PaddlePaddle/Paddle/pull/78321
"""

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
x = paddle.to_tensor([[0.001, -0.001]], "float64")
one = paddle.ones([2], "float64")
got = F.layer_norm(x, [2], one, 0 * one, 1e-5)[0, 0].item()
print("expected", 0.001 / (1e-6 + 1e-5) ** 0.5)
print("got", got)
raise SystemExit(abs(got / (0.001 / (1e-6 + 1e-5) ** 0.5) - 1) < 1e-12)
