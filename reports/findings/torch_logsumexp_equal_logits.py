"""PyTorch 2.13.0: the gradient of logsumexp does not sum to 1 for two equal large logits.

upstream: none found
"""

import torch

z = torch.tensor([1e8, 1e8], requires_grad=True)
gradient = torch.autograd.grad(torch.logsumexp(z, dim=0), z)[0].tolist()

print("expected", 0.5, 0.5)
print("got", *gradient)
raise SystemExit(abs(sum(gradient) - 1) < 1e-5)  # 0: the defect shows; 1: it does not show here
