"""PyTorch 2.13.0: the second derivative of logsigmoid, σ(z) (σ(z) − 1), cancels for large z.

upstream: https://github.com/pytorch/pytorch/issues/195530
"""

import math

import torch

z = torch.tensor(30.0, requires_grad=True)
first = torch.autograd.grad(torch.nn.functional.logsigmoid(z), z, create_graph=True)[0]
second = torch.autograd.grad(first, z)[0].item()
exact = -math.exp(-30) / (1 + math.exp(-30)) ** 2

print("expected", exact)
print("got", second)
raise SystemExit(abs(second / exact - 1) < 1e-3)  # 0: the defect shows; 1: it does not show here
