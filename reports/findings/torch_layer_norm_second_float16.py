"""PyTorch 2.13.0: the second derivative of layer_norm by create_graph overflows in float16.

upstream: none found
"""

import torch


def second(dtype):
    x = torch.tensor([20, -20, 10, -10], dtype=dtype, requires_grad=True)
    cotangent = torch.tensor([100, -100, 100, -100], dtype=dtype)
    y = torch.nn.functional.layer_norm(x, (4,), eps=1e-3)
    first = torch.autograd.grad(y, x, cotangent, create_graph=True)[0]
    return torch.autograd.grad(first, x, cotangent / 2)[0].tolist()


exact, got = second(torch.float64), second(torch.float16)

print("expected", *(round(e, 2) for e in exact))
print("got", *got)
raise SystemExit(abs(got[0] - exact[0]) < 1)  # 0: the defect shows; 1: it does not show here
