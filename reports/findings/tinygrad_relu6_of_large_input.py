"""tinygrad 0.14.0: relu6, hardsigmoid and hardswish of a large input are 0, for each is a
difference of two relus.

upstream: none found
"""

from tinygrad import Tensor
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

got = Tensor([1e9]).relu6().item()
print("expected", 6.0)
print("got", got)
raise SystemExit(bool(got == 6))
