"""tinygrad 0.14.0: the gradients of elu, selu and celu are NaN for inputs whose e^z overflows; that
of elu is 1.

upstream: none found
"""

from tinygrad import Tensor
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

z = Tensor([100.0, 1.0])
got = z.elu().sum().gradient(z)[0].tolist()[0]
print("expected", 1.0)
print("got", got)
raise SystemExit(bool(got == 1))
