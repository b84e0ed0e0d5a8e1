"""PyTorch 2.13.0: layer_norm of a constant row is not 0 (nor the shift) in bfloat16 and float16.

upstream: https://github.com/pytorch/pytorch/issues/188372
"""

import torch


def of_constant(number, dtype):
    row = torch.tensor([number, number], dtype=dtype)
    return torch.nn.functional.layer_norm(row, (2,), eps=1e-5)[0].item()


got = of_constant(1e10, torch.bfloat16), of_constant(1e4, torch.float16)

print("expected", 0.0, 0.0)
print("got", *got)
raise SystemExit(got == (0.0, 0.0))  # 0: the defect shows; 1: it does not show here
