"""The second derivative of logaddexp(0, z) is σ(z) (1 − σ(z)); autograd's cancels for large z.

It differentiates the first, e^(z − logaddexp(0, z)), as p − p p with p next to 1.
"""

import autograd.numpy as np
from autograd import grad

for dtype, z in ((np.float64, 30.0), (np.float64, 40.0), (np.float32, 15.0), (np.float32, 20.0)):
    z = np.array(z, dtype)
    expected = np.exp(-z) / (1 + np.exp(-z)) ** 2
    print(
        f"{z.dtype} at {z}: expected {expected}, got {grad(grad(lambda z: np.logaddexp(0, z)))(z)}"
    )
