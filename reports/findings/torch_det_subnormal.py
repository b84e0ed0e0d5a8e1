"""PyTorch 2.13.0: det of a matrix of subnormal numbers is NaN: a pivot's reciprocal overflows.

upstream: https://github.com/pytorch/pytorch/issues/73622
"""

import torch

matrix = 1e-40 * torch.tensor([[3.0, 1.0, 1.0], [1.0, 3.0, 1.0], [1.0, 1.0, 3.0]])
value = torch.linalg.det(matrix).item()

print("expected", 0.0, "(2e-119, which is below float32)")
print("got", value)
raise SystemExit(value == 0.0)  # 0: the defect shows; 1: it does not show here
