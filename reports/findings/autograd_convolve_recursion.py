"""HIPS autograd 1.9.1: the gradient of scipy.signal.convolve recurses without end where cotangent
and kernel have as many entries, and each is longer than the other along one axis.

upstream: none found
"""

import autograd.numpy as np
from autograd import grad
from autograd.scipy.signal import convolve

image, kernel = np.ones((3, 3)), np.array([[1.0, 2.0, 4.0]])

print("expected", [[4.0, 2.0, 1.0]] * 3)
try:
    print("got", grad(lambda x: np.sum(convolve(x, kernel, mode="valid")))(image).tolist())
except RecursionError as raised:
    print("got RecursionError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
