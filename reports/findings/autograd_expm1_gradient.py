"""The gradient of expm1 is computed as expm1(x) + 1, which vanishes for negative x; it is e^x."""

import autograd.numpy as np
from autograd import grad

for dtype, x in ((np.float64, -40.0), (np.float32, -20.0), (np.float16, -8.0)):
    x = np.array(x, dtype)
    print(f"{x.dtype} at {x}: expected {np.exp(x)}, got {grad(np.expm1)(x)}")
