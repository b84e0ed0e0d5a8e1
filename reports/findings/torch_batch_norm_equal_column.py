"""PyTorch 2.13.0: batch_norm of a column of equal entries is not 0 (nor the shift) in training.

upstream: none found
"""

import torch

column = torch.tensor([[1000.0], [1000.0]])
y = torch.nn.functional.batch_norm(column, None, None, training=True, eps=1e-5).flatten().tolist()

print("expected", 0.0, 0.0)
print("got", *y)
raise SystemExit(y == [0.0, 0.0])  # 0: the defect shows; 1: it does not show here
