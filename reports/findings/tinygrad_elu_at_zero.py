"""tinygrad 0.14.0: the gradient of elu at 0, where it is smooth for alpha = 1 with slope 1, is 0.

upstream: none found
"""

from tinygrad import Tensor
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

z = Tensor([0.0, 1.0])
got = z.elu().sum().gradient(z)[0].tolist()[0]
print("expected", 1.0)
print("got", got)
raise SystemExit(bool(got == 1))
