"""The gradient of sigmoid for a large negative input is NaN where the value was asked for first.

Asked for alone, the graph 1 / (1 + 2^(−z / log 2)) of the gradient is simplified, and it is 0.
"""

from tinygrad import Tensor

for first in (False, True):
    z, ybar = Tensor([-1000.0, 1.0]), Tensor([3.0, 2.0])
    y = z.sigmoid()
    if first:
        y.realize()
    found = y.gradient(z, gradient=ybar)[0].tolist()
    print(f"float32 at -1000, value realized first {first}: expected 0.0, got {found[0]}")
