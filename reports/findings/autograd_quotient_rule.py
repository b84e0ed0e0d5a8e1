"""The gradient of x / y for y is computed as −ȳ x / y², whose parts leave the range before it does.

Its second derivative divides by y⁴: NaN or wrong in float16 for y above 16.
"""

import warnings

import autograd.numpy as np
from autograd import grad

warnings.simplefilter("ignore")
for dtype, number in ((np.float64, 1e200), (np.float32, 1e25), (np.float16, 1000)):
    x = np.array(number, dtype)
    print(f"{x.dtype}, x = y = {x}: expected {-1 / number}, got {grad(np.divide, 1)(x, x)}")
x, y = np.array(20, np.float16), np.array(20, np.float16)
second = grad(grad(np.divide, 1), 1)(x, y)
print(f"float16, x = y = 20, second derivative: expected {2 / 400}, got {second}")
