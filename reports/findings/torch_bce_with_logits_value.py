"""PyTorch 2.13.0: binary_cross_entropy_with_logits cancels for a confident negative logit.

upstream: https://github.com/pytorch/pytorch/issues/195529
"""

import math

import torch

logit, target = torch.tensor(-20.0), torch.tensor(0.0)
loss = torch.nn.functional.binary_cross_entropy_with_logits(logit, target).item()
exact = math.log1p(math.exp(-20))

print("expected", exact)
print("got", loss)
raise SystemExit(abs(loss - exact) < 1e-6 * exact)  # 0: the defect shows; 1: not here
