"""tinygrad 0.14.0: Tensor.backward adds a second call's gradient into the memory of the first
call's cotangent, which the gradient of an addend is; what is not computed yet comes out wrong.

upstream: none found
"""

from tinygrad import Tensor

W, x, b = Tensor([[2.0]]).realize(), Tensor([3.0]).realize(), Tensor([0.5]).realize()
cotangents = Tensor([[1.0], [-2.0]]).realize()
for k in range(2):
    (W @ x + b).backward(cotangents[k])

got = W.grad.tolist()[0][0], cotangents.tolist()
print("expected", (-3.0, [[1.0], [-2.0]]))
print("got", got)
raise SystemExit(0 if got != (-3.0, [[1.0], [-2.0]]) else 1)
