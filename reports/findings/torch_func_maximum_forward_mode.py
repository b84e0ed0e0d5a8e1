"""PyTorch 2.13.0: maximum by forward mode (torch.func.jvp) cancels: the other tangent is in it.

upstream: none found
"""

import torch

larger, smaller = torch.tensor(2.0), torch.tensor(1.0)
tangents = torch.tensor(0.001), torch.tensor(1e6)
slope = torch.func.jvp(torch.maximum, (larger, smaller), tangents)[1].item()

print("expected", 0.001)
print("got", slope)
raise SystemExit(abs(slope - 0.001) < 1e-9)  # 0: the defect shows; 1: it does not show here
