"""tinygrad 0.14.0: softplus and logsigmoid are the logarithm of a sum next to 1, without log1p, and
lose it.

upstream: none found
"""

import math

from tinygrad import Tensor
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

got = Tensor([-20.0]).softplus().item()
print("expected", math.log1p(math.exp(-20)))
print("got", got)
raise SystemExit(bool(got > 0))
