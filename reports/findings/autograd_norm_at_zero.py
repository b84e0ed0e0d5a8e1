"""HIPS autograd 1.9.1: the gradient of the Euclidean norm at 0 is NaN, where every subgradient has
entries between −1 and 1.

upstream: none found
"""

import warnings

import autograd.numpy as np
from autograd import grad

warnings.simplefilter("ignore")
got = grad(np.linalg.norm)(np.zeros(2))
print("expected entries in", [-1, 1])
print("got", got.tolist())
raise SystemExit(bool(np.all(np.abs(got) <= 1)))
