"""PyTorch 2.13.0: the gradient of x/y for y is computed as −ȳ ((x / y) / y), whose
quotient overflows before the small cotangent makes it fit.

upstream: none found
"""

import torch

x = torch.tensor(3924.0, dtype=torch.float16)
y = torch.tensor(0.2, dtype=torch.float16, requires_grad=True)
(x / y).backward(torch.tensor(0.01, dtype=torch.float16))
exact = -0.01 * 3924.0 / y.item() ** 2

print("expected", exact)
print("got", y.grad.item())
raise SystemExit(abs(y.grad.item()) < 1e30)  # 0: the defect shows; 1: it does not show here
