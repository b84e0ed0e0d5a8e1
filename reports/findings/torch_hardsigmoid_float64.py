"""PyTorch 2.13.0: the gradient of hardsigmoid multiplies by 1/6 rounded to float32 in float64.

upstream: none found
"""

import torch

z = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
gradient = torch.autograd.grad(torch.nn.functional.hardsigmoid(z), z)[0].item()

print("expected", 1 / 6)
print("got", gradient)
raise SystemExit(abs(gradient - 1 / 6) < 1e-12)  # 0: the defect shows; 1: it does not show here
