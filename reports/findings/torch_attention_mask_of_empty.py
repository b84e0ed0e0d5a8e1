"""PyTorch 2.13.0: scaled_dot_product_attention of nothing has no gradient for its mask.

upstream: https://github.com/pytorch/pytorch/pull/175063
"""

import torch

got = []
for queries, width in ((0, 4), (3, 0)):
    Q = torch.ones(1, 1, queries, 4, requires_grad=True)
    K, V = torch.ones(1, 1, 5, 4), torch.ones(1, 1, 5, width)
    mask = torch.zeros(1, 1, queries, 5, requires_grad=True)
    y = torch.nn.functional.scaled_dot_product_attention(Q, K, V, attn_mask=mask)
    try:
        got.append(str(tuple(torch.autograd.grad(y.sum(), mask)[0].shape)))
    except RuntimeError as error:
        got.append(type(error).__name__)

print("expected", "(1, 1, 0, 5); (1, 1, 3, 5)")
print("got", "; ".join(got))
raise SystemExit(not any("RuntimeError" in g for g in got))  # 0: the defect shows; 1: not here
