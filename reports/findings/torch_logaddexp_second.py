"""PyTorch 2.13.0: the second derivative of logaddexp is NaN for arguments far apart.

upstream: https://github.com/pytorch/pytorch/issues/196704
"""

import math

import torch

z = torch.tensor(-80.0, requires_grad=True)
value = torch.logaddexp(z, torch.tensor(8.8))
first = torch.autograd.grad(value, z, create_graph=True)[0]
second = torch.autograd.grad(first, z)[0].item()
exact = math.exp(-88.8)

print("expected", exact)
print("got", second)
raise SystemExit(abs(second - exact) < 1e-30)  # 0: the defect shows; 1: it does not show here
