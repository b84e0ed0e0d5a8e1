"""PyTorch 2.13.0: the gradient of softsign is a difference of two terms that cancel.

upstream: none found
"""

import torch

z = torch.tensor(1e8, requires_grad=True)
gradient = torch.autograd.grad(torch.nn.functional.softsign(z), z)[0].item()
exact = 1 / (1 + 1e8) ** 2

print("expected", exact)
print("got", gradient)
raise SystemExit(abs(gradient / exact - 1) < 1e-3)  # 0: the defect shows; 1: it does not show here
