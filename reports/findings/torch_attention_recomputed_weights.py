"""PyTorch 2.13.0: the backward of scaled_dot_product_attention recomputes the weights from a
rounded log-sum-exp of the scores: for scores of 30000, two equal weights are not ½ each.

upstream: none found
"""

import torch
from torch.nn.functional import scaled_dot_product_attention

q = torch.full((1, 1, 1, 1), 30000.1)
k = torch.ones(1, 1, 2, 1)
v = torch.ones(1, 1, 2, 1, requires_grad=True)
scaled_dot_product_attention(q, k, v).sum().backward()
gradient = v.grad.flatten().tolist()

print("expected", [0.5, 0.5])
print("got", gradient)
raise SystemExit(abs(gradient[0] - 0.5) < 1e-6)  # 0: the defect shows; 1: it does not show here
