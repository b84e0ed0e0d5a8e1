"""HIPS autograd 1.9.1: the rows of a matrix can be sorted, and that has no gradient
(NotImplementedError); its forward derivative has another shape.

upstream: none found
"""

import autograd.numpy as np
from autograd import make_jvp

x = np.array([[2.0, 1.0], [3.0, 4.0]])
got = make_jvp(np.sort)(x)(np.array([[10.0, 20.0], [30.0, 40.0]]))[1]
print("expected", [[20.0, 10.0], [30.0, 40.0]])
print("got", got.tolist())
raise SystemExit(bool(got.shape == x.shape))
