"""tinygrad 0.14.0: the constants of selu have six digits, 1.67326 and 1.0507, in float64 too.

upstream: none found
"""

from tinygrad import Tensor, dtypes
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

got = Tensor([1.0], dtype=dtypes.float64).selu().item()
print("expected", 1.0507009873554805)
print("got", got)
raise SystemExit(bool(abs(got - 1.0507009873554805) < 1e-12))
