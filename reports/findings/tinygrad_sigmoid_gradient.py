"""tinygrad 0.14.0: the gradient of sigmoid for a large negative input is NaN where the value is
computed before it.

upstream: none found
"""

from tinygrad import Tensor
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

z, ybar = Tensor([-1000.0, 1.0]), Tensor([3.0, 2.0])
y = z.sigmoid()
slope = y.gradient(z, gradient=ybar)[0]
y.realize()
got = slope.tolist()[0]
print("expected", 0.0)
print("got", got)
raise SystemExit(bool(got == 0))
