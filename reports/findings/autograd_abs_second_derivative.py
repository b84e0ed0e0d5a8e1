"""The second derivative of |x| is 0 where x is not; autograd's is the rounding of g x / |x|.

It differentiates the first, x / |x|, as 1 / |x| − x² / |x|³.
"""

import autograd.numpy as np
from autograd import grad

for x in (0.1, 0.15, 1e-5, 3e-160):
    print(f"at {x}: expected 0, got {grad(grad(np.abs))(x)}")
