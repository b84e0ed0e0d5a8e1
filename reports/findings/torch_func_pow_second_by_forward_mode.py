"""PyTorch 2.13.0: grad of jvp (torch.func) of x¹, the exponent a tensor, is NaN at 0.

upstream: none found
"""

import torch

zero, one = torch.tensor(0.0), torch.tensor(1.0)


def slope(x):
    return torch.func.jvp(lambda x: torch.pow(x, one), (x,), (one,))[1]


second = torch.func.grad(slope)(zero).item()

print("expected", 0.0)
print("got", second)
raise SystemExit(second == 0.0)  # 0: the defect shows; 1: it does not show here
