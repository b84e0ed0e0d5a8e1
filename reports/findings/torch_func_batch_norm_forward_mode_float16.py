"""PyTorch 2.13.0: batch_norm by forward mode (torch.func.jvp) overflows in float16.

upstream: none found
"""

import torch

spread = 1 / 256
x = torch.tensor([[1 - spread], [1 + spread]], dtype=torch.float16)
tangent = torch.tensor([[1.0], [0.0]], dtype=torch.float16)


def normalised(x):
    return torch.nn.functional.batch_norm(x, None, None, training=True, eps=1e-5)


slope = torch.func.jvp(normalised, (x,), (tangent,))[1].flatten().tolist()
exact = 0.5 * 1e-5 * (spread**2 + 1e-5) ** -1.5

print("expected", round(exact, 2), round(-exact, 2))
print("got", *slope)
raise SystemExit(abs(slope[0] - exact) < 1)  # 0: the defect shows; 1: it does not show here
