"""PaddlePaddle 3.3.1: the gradient of the determinant is 0 where the determinant is below 1e-5 in
float32, as that of a singular matrix, however well the matrix can be inverted.

upstream: https://github.com/PaddlePaddle/Paddle/pull/73996
"""

import paddle

paddle.set_device("cpu")
x = paddle.to_tensor([[0.003, 0.0], [0.0, 0.003]], stop_gradient=False)
got = paddle.grad([paddle.linalg.det(x)], [x])[0].tolist()
print("expected", [[0.003, 0.0], [0.0, 0.003]], "but for rounding")
print("got", got)
raise SystemExit(bool(got[0][0] > 0))
