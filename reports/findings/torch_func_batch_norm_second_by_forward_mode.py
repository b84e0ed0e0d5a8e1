"""PyTorch 2.13.0: the second derivative of batch_norm by jvp of jvp (torch.func) is wrong.

upstream: https://github.com/pytorch/pytorch/issues/196699
"""

import torch

x = torch.tensor([1.0, 0.0, -1.0], dtype=torch.float64)
direction = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)


def first_output(x):
    return torch.nn.functional.batch_norm(x[:, None], None, None, training=True, eps=1e-30)[0, 0]


def slope(x):
    return torch.func.jvp(first_output, (x,), (direction,))[1]


second = torch.func.jvp(slope, (x,), (direction,))[1].item()
exact = -(1.5**1.5) / 6

print("expected", exact)
print("got", second)
raise SystemExit(abs(second - exact) < 1e-9)  # 0: the defect shows; 1: it does not show here
