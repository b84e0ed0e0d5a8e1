"""tinygrad 0.14.0: erf is a formula with an absolute error of 1.5e-7 in every type, and so is gelu
in float64.

upstream: none found
"""

import math

from tinygrad import Tensor, dtypes
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

got = Tensor([1e-5], dtype=dtypes.float64).erf().item()
print("expected", math.erf(1e-5))
print("got", got)
raise SystemExit(bool(abs(got - math.erf(1e-5)) < 1e-15))
