"""PyTorch 2.13.0: the gradient of MultivariateNormal.log_prob for Σ is NaN far from the mean.

upstream: none found
"""

import torch

covariance = torch.tensor([[5.0, 1.0], [1.0, 5.0]], requires_grad=True)
normal = torch.distributions.MultivariateNormal(torch.zeros(2), covariance)
density = normal.log_prob(torch.tensor([5e19, 5e19]))  # its distance squared, 8e38, overflows
gradient = torch.autograd.grad(density, covariance)[0].flatten().tolist()
exact = 0.5 * (5e19 / 6) ** 2  # ½ Σ⁻¹x xᵀΣ⁻¹ − ½ Σ⁻¹, in every entry

print("expected", *([f"{exact:.3e}"] * 4))
print("got", *(f"{g:.3e}" for g in gradient))
raise SystemExit(abs(gradient[0] / exact - 1) < 1e-3)  # 0: the defect shows; 1: not here
