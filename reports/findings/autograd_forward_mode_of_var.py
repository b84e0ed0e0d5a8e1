"""HIPS autograd 1.9.1: forward mode of var over several axes raises NameError.

upstream: none found
"""

import autograd.numpy as np
from autograd import make_jvp

x, v = np.array([[1.0, 2.0], [3.0, 6.0]]), np.array([[1.0, 0.0], [0.0, 0.0]])
print("expected", -1.0)
try:
    print("got", make_jvp(lambda x: np.var(x, axis=(0, 1)))(x)(v)[1])
except NameError as raised:
    print("got NameError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
