"""tinygrad 0.14.0: on the device PYTHON, and by the LLVM renderer, where float16 is emulated, what
is computed from a subnormal number of float16 is computed from 0, a copy of it too.

upstream: https://github.com/tinygrad/tinygrad/pull/14744
"""

import numpy as np
from tinygrad import Tensor
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

exact = np.array([2.0**-18, 1.0], np.float16)
x = Tensor(exact).realize()
print("expected", exact.tolist(), (4096 * exact).tolist())
got = x.clone().numpy().tolist(), (4096 * x).numpy().tolist()
print("got", *got)
raise SystemExit(got[1][0] > 0)
