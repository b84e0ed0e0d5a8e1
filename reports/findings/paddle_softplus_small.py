"""PaddlePaddle 3.3.1: softplus is log(1 + e^z) without log1p: for negative z its value loses its
digits.

upstream: none found
"""

import math

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
got = F.softplus(paddle.to_tensor([-10.0, -17.0])).tolist()
print("expected", [math.log1p(math.exp(-10)), math.log1p(math.exp(-17))])
print("got", got)
raise SystemExit(bool(got[1] > 0))
