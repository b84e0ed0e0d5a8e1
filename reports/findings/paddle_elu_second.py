"""PaddlePaddle 3.3.1: the second derivative of elu is NaN where e^z overflows: for z above 88.7
in float32.

upstream: none found
"""

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
x = paddle.to_tensor([88.0, 89.0], stop_gradient=False)
(slope,) = paddle.grad([F.elu(x).sum()], [x], create_graph=True)
got = paddle.grad([slope.sum()], [x])[0].tolist()
print("expected", [0.0, 0.0])
print("got", got)
raise SystemExit(bool(got[1] == 0))
