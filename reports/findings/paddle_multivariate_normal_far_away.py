"""PaddlePaddle 3.3.1: the gradient of MultivariateNormal.log_prob for Σ is wrong far from the mean.

upstream: none found
"""

import numpy as np
import paddle

paddle.set_device("cpu")
covariance = paddle.to_tensor([[5.0, 1.0], [1.0, 5.0]], stop_gradient=False)
normal = paddle.distribution.MultivariateNormal(paddle.zeros([2]), covariance_matrix=covariance)
density = normal.log_prob(paddle.to_tensor([5e19, 5e19]))  # its distance squared overflows
gradient = paddle.grad([density], [covariance])[0].numpy().ravel()
exact = 0.5 * (5e19 / 6) ** 2  # ½ Σ⁻¹x xᵀΣ⁻¹ − ½ Σ⁻¹, in every entry
print("expected", *([f"{exact:.3e}"] * 4))
print("got", *(f"{g:.3e}" for g in gradient))
raise SystemExit(bool(np.abs(gradient / exact - 1).max() < 1e-3))
