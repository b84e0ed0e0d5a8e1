"""PaddlePaddle 3.3.1: on a CPU log_softmax, and cross_entropy by it, are cut off at −64.

upstream: https://github.com/PaddlePaddle/Paddle/issues/69859
"""

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
z = paddle.to_tensor([[0.0, -200.0]])
got = [F.log_softmax(z)[0, 1].item(), F.cross_entropy(z, paddle.to_tensor([1])).item()]
print("expected", [-200.0, 200.0])
print("got", got)
raise SystemExit(bool(got[0] == -200))
