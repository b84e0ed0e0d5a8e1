"""PyTorch 2.13.0: softplus is z itself above its documented threshold of 20, too low for float64.

upstream: none found
"""

import math

import torch

z = torch.tensor(21.0, dtype=torch.float64, requires_grad=True)
value = torch.nn.functional.softplus(z)
above = value.item() - 21
slope = torch.autograd.grad(value, z)[0].item()
exact = math.log1p(math.exp(-21))

print("expected", "21 +", exact, "and the slope 1 -", 1 / (1 + math.exp(21)))
print("got", "21 +", above, "and the slope 1 -", 1 - slope)
raise SystemExit(abs(above - exact) < 1e-14)  # 0: the defect shows; 1: it does not show here
