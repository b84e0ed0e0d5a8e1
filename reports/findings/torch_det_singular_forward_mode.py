"""PyTorch 2.13.0: the forward-mode derivative of det (torch.func.jvp) at a singular matrix is zero.

upstream: https://github.com/pytorch/pytorch/pull/79487
"""

import torch

matrix = torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=torch.float64)
tangent = torch.tensor([[1.0, 0.0], [0.0, 0.0]], dtype=torch.float64)
slope = torch.func.jvp(torch.linalg.det, (matrix,), (tangent,))[1].item()

print("expected", 4.0, "(the cofactor of the entry that moves)")
print("got", slope)
raise SystemExit(abs(slope - 4.0) < 1e-12)  # 0: the defect shows; 1: it does not show here
