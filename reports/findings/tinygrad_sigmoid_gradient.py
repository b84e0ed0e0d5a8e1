"""The gradient of sigmoid for a large negative input is NaN where the value is computed before it.

Computed alone, its graph, with 1 / (1 + 2^(−z / log 2)) in it, is simplified, and it is 0.
"""

from tinygrad import Tensor

for value_first in (False, True):
    z, ybar = Tensor([-1000.0, 1.0]), Tensor([3.0, 2.0])
    y = z.sigmoid()
    slope = y.gradient(z, gradient=ybar)[0]
    if value_first:
        y.realize()
    print(f"float32 at -1000, value first {value_first}: expected 0, got {slope.tolist()[0]}")
