"""tinygrad 0.14.0: tanh is 2 sigmoid(2 z) − 1, which cancels near 0.

upstream: none found
"""

import math

from tinygrad import Tensor
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

got = Tensor([1e-8]).tanh().item()
print("expected", math.tanh(1e-8))
print("got", got)
raise SystemExit(bool(abs(got / math.tanh(1e-8) - 1) < 1e-3))
