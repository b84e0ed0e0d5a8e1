"""PaddlePaddle 3.3.1: the constants of selu are float32's in float64 too.

upstream: none found
"""

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
got = F.selu(paddle.to_tensor(1.0, "float64")).item()
print("expected", 1.0507009873554805)
print("got", got)
raise SystemExit(abs(got - 1.0507009873554805) < 1e-12)
