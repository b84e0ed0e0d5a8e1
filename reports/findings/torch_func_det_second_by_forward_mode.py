"""PyTorch 2.13.0: differentiating the forward-mode derivative of det (torch.func) goes wrong.

upstream: https://github.com/pytorch/pytorch/issues/192540
"""

import torch

matrix = torch.tensor([[2.0, 1.0], [1.0, 3.0]], dtype=torch.float64)
direction = torch.tensor([[1.0, 0.0], [0.0, 0.0]], dtype=torch.float64)


def slope(matrix):
    return torch.func.jvp(torch.linalg.det, (matrix,), (direction,))[1]


gradient = torch.func.grad(slope)(matrix).flatten().tolist()
exact = [0.0, 0.0, 0.0, 1.0]  # the slope is the entry in the other corner

print("expected", exact)
print("got", [round(g, 6) for g in gradient])
error = max(abs(g - e) for g, e in zip(gradient, exact, strict=True))
raise SystemExit(error < 1e-9)  # 0: the defect shows; 1: it does not show here
