"""tinygrad 0.14.0: on the device PYTHON a row that is transposed, made contiguous and transposed
back cannot be read.

upstream: none found
"""

from tinygrad import Tensor
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

row = Tensor([[1.0, 2.0]]).realize()
print("expected", [[1.0, 2.0]])
try:
    print("got", row.permute(1, 0).contiguous().permute(1, 0).tolist())
except RuntimeError as raised:
    print("got RuntimeError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
