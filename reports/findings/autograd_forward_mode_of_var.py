"""Forward mode of var over several axes raises NameError: numpy_jvps.py has np where it has anp.

Over one axis it divides by the size of that axis and is right.
"""

import autograd.numpy as np
from autograd import make_jvp

x, v = np.array([[1.0, 2.0], [3.0, 6.0]]), np.array([[1.0, 0.0], [0.0, 0.0]])
print("axis 0: expected [-1, 0], got", make_jvp(lambda x: np.var(x, axis=0))(x)(v)[1])
try:
    print("axes 0, 1: expected -1, got", make_jvp(lambda x: np.var(x, axis=(0, 1)))(x)(v)[1])
except NameError as raised:
    print("axes 0, 1: expected -1, got NameError:", raised)
