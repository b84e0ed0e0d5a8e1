"""HIPS autograd 1.9.1: the gradient of det inverts the matrix, so that a singular one, whose
gradient is its cofactor matrix, raises LinAlgError.

upstream: none found
"""

import autograd.numpy as np
from autograd import grad

print("expected", [[4.0, -2.0], [-2.0, 1.0]])
try:
    print("got", grad(np.linalg.det)(np.array([[1.0, 2.0], [2.0, 4.0]])).tolist())
except np.linalg.LinAlgError as raised:
    print("got LinAlgError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
