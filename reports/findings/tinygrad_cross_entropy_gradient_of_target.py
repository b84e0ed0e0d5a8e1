"""tinygrad 0.14.0: the gradient of binary cross-entropy with logits for its target, −z, is a
difference of two logarithms, and cancels.

upstream: none found
"""

from tinygrad import Tensor
from tinygrad.helpers import DEV

DEV.value = "PYTHON"  # which needs no compiler

logits, target = Tensor([1e-8, 1.0]), Tensor([0.25, 0.5])
loss = logits.binary_crossentropy_logits(target, reduction="sum")
got = loss.gradient(target)[0].tolist()[0]
print("expected", -1e-8)
print("got", got)
raise SystemExit(bool(abs(got / -1e-8 - 1) < 1e-3))
