"""PyTorch 2.13.0: the gradient of rms_norm loses a part where (1/rms)³ underflows.

upstream: none found
"""

import torch

x = torch.tensor([1e110, 1e110], dtype=torch.float64, requires_grad=True)
y = torch.nn.functional.rms_norm(x, (2,), eps=1e-5)
gradient = (torch.autograd.grad(y[0], x)[0] * 1e110).tolist()

print("expected", 0.5, -0.5, "(times 1e110)")
print("got", *gradient)
raise SystemExit(abs(gradient[0] - 0.5) < 1e-9)  # 0: the defect shows; 1: it does not show here
