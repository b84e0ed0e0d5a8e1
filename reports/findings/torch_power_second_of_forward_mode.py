"""PyTorch 2.13.0: with a tensor as its exponent the forward-mode derivative of x¹ is differentiated
to NaN for x below 0.

upstream: none found
"""

import torch
from torch.autograd import forward_ad

x = torch.tensor([-1.0, 2.0], requires_grad=True)
p = torch.tensor(1.0)
with forward_ad.dual_level():
    y = torch.pow(forward_ad.make_dual(x, torch.ones(2)), p)
    slope = forward_ad.unpack_dual(y).tangent
    got = torch.autograd.grad(slope.sum(), x)[0].tolist()
print("expected", [0.0, 0.0])
print("got", got)
raise SystemExit(got == [0.0, 0.0])
