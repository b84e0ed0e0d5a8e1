"""PyTorch 2.13.0: by torch.func the second derivative of det is NaN at equal singular values.

upstream: https://github.com/pytorch/pytorch/issues/192521
"""

import torch

identity = torch.eye(2, dtype=torch.float64)


def corner(matrix):
    return torch.func.grad(torch.linalg.det)(matrix)[0, 0]


gradient = torch.func.grad(corner)(identity).flatten().tolist()
exact = [0.0, 0.0, 0.0, 1.0]  # the gradient's corner is the entry in the other corner

print("expected", exact)
print("got", gradient)
error = sum(abs(g - e) for g, e in zip(gradient, exact, strict=True))
raise SystemExit(error < 1e-9)  # 0: the defect shows; 1: it does not show here
