"""PyTorch 2.13.0: batch_norm with a scale and a shift raises IndexError where there is no channel.

upstream: none found
"""

import torch

x, scale, shift = torch.ones(2, 0), torch.ones(0), torch.zeros(0)
try:
    y = torch.nn.functional.batch_norm(x, None, None, scale, shift, training=True)
    got = f"shape {tuple(y.shape)}"
except IndexError as error:
    got = f"IndexError: {str(error).splitlines()[0]}"

print("expected", f"shape {tuple(x.shape)}")
print("got", got)
raise SystemExit(not got.startswith("IndexError"))  # 0: the defect shows; 1: not here
