"""PyTorch 2.13.0: by torch.func the gradient of binary_cross_entropy_with_logits cancels.

upstream: https://github.com/pytorch/functorch/pull/791
"""

import math

import torch

logit, target = torch.tensor(-20.0), torch.tensor(0.0)
loss = torch.nn.functional.binary_cross_entropy_with_logits
gradient = torch.func.grad(loss)(logit, target).item()
exact = 1 / (1 + math.exp(20))

print("expected", exact)
print("got", gradient)
raise SystemExit(abs(gradient - exact) < 1e-6 * exact)  # 0: the defect shows; 1: not here
