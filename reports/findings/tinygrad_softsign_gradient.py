"""tinygrad 0.14.0: the gradient of softsign, 1 / (1 + |z|)², is a difference that cancels for large
z.

upstream: none found
"""

from tinygrad import Tensor
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

z = Tensor([1e8, 1.0])
got = z.softsign().sum().gradient(z)[0].tolist()[0]
print("expected", (1 + 1e8) ** -2)
print("got", got)
raise SystemExit(bool(abs(got * 1e16 - 1) < 1e-3))
