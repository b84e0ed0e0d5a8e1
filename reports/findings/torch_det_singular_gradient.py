"""PyTorch 2.13.0: the gradient of det at a singular matrix is zero; it is the cofactor matrix.

upstream: https://github.com/pytorch/pytorch/issues/104675
"""

import torch

matrix = torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=torch.float64, requires_grad=True)
gradient = torch.autograd.grad(torch.linalg.det(matrix), matrix)[0].flatten().tolist()
cofactors = [4.0, -2.0, -2.0, 1.0]

print("expected", cofactors)
print("got", gradient)
error = max(abs(g - c) for g, c in zip(gradient, cofactors, strict=True))
raise SystemExit(error < 1e-12)  # 0: the defect shows; 1: it does not show here
