"""PaddlePaddle 3.3.1: slogdet takes the logarithm of the determinant itself, which under- or
overflows.

upstream: none found
"""

import numpy as np
import paddle

small = np.diag([1e-12, 2e-12, 3e-12, 4e-12]).astype("float32")
x = paddle.to_tensor(small, stop_gradient=False)
logarithm = paddle.linalg.slogdet(x)[1]
logarithm.backward()
print("expected", float(np.sum(np.log(np.diag(small)))), "with the slope", 1e12)
print("got", logarithm.item(), "with the slope", x.grad[0, 0].item())
raise SystemExit(bool(np.isfinite(logarithm.item())))
