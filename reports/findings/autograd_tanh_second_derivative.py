"""The second derivative of tanh is NaN where cosh overflows: −2 tanh(x) (1 − tanh²(x)) is 0 there.

The rule of the first is g / cosh(x)², whose own derivative divides two infinities.
"""

import warnings

import autograd.numpy as np
from autograd import grad

warnings.simplefilter("ignore")
for dtype, x in ((np.float64, 711.0), (np.float32, 90.0), (np.float16, 12.0)):
    x = np.array(x, dtype)
    first, second = grad(np.tanh), grad(grad(np.tanh))
    print(f"{x.dtype} at {x}: tanh' expected 0, got {first(x)}; tanh'' expected 0, got {second(x)}")
