"""PaddlePaddle 3.3.1: the slope of hardsigmoid is 0.1666667 in place of 1/6.

upstream: none found
"""

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
got = F.hardsigmoid(paddle.to_tensor(1.0, "float64")).item()
print("expected", 4 / 6)
print("got", got)
raise SystemExit(abs(got - 4 / 6) < 1e-12)
