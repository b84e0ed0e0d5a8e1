"""tinygrad 0.14.0: by its LLVM renderer a constant of 1e-5 in float64 does not compile: it is
written as 1e-05, which LLVM takes for no number without a point.

upstream: none found
"""

from tinygrad import Tensor, dtypes
from tinygrad.helpers import DEV

DEV.value = "CPU:LLVM"  # which needs libLLVM

x = Tensor([1.0, 2.0], dtype=dtypes.float64)
print("expected", [1.00001, 2.00001])
try:
    print("got", (x + 1e-5).tolist())
except RuntimeError as raised:
    print("got RuntimeError:", str(raised).splitlines()[0].split("error: ")[-1])
    raise SystemExit(0) from None
raise SystemExit(1)
