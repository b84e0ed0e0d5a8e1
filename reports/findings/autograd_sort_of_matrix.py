"""Sorting the rows of a matrix: no gradient, and a forward derivative of the wrong shape."""

import autograd.numpy as np
from autograd import grad, make_jvp

x = np.array([[2.0, 1.0], [3.0, 4.0]])
v = np.array([[10.0, 20.0], [30.0, 40.0]])
try:
    print("gradient: expected ones, got", grad(lambda x: np.sum(np.sort(x)))(x).tolist())
except NotImplementedError as raised:
    print("gradient: expected ones, got NotImplementedError:", raised)
print("forward: expected [[20, 10], [30, 40]], got", make_jvp(np.sort)(x)(v)[1].tolist())
