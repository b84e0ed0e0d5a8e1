"""The gradient of det at a singular matrix is its cofactor matrix; autograd inverts the matrix."""

import autograd.numpy as np
from autograd import grad

X = np.array([[1.0, 2.0], [2.0, 4.0]])
print("expected [[4, -2], [-2, 1]], got ", end="")
try:
    print(grad(np.linalg.det)(X).tolist())
except np.linalg.LinAlgError as raised:
    print(f"LinAlgError: {raised}")
