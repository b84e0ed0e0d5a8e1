"""PyTorch 2.13.0: the gradient of layer_norm for its scale is not 0 on a constant row.

upstream: https://github.com/pytorch/pytorch/issues/188372
"""

import torch

row, shift = torch.tensor([10000.0, 10000.0]), torch.zeros(2)
scale = torch.ones(2, requires_grad=True)
y = torch.nn.functional.layer_norm(row, (2,), scale, shift, eps=1e-5)
gradient = torch.autograd.grad(y.sum(), scale)[0].tolist()

print("expected", 0.0, 0.0)
print("got", *gradient)
raise SystemExit(gradient == [0.0, 0.0])  # 0: the defect shows; 1: it does not show here
