"""At the zero vector any subgradient of the Euclidean norm has entries between −1 and 1."""

import warnings

import autograd.numpy as np
from autograd import grad

warnings.simplefilter("ignore")
x = np.zeros(2)
print("norm: expected entries in [-1, 1], got", grad(np.linalg.norm)(x))
print(
    "sqrt of sum of squares: expected entries in [-1, 1], got",
    grad(lambda x: np.sqrt(np.sum(x * x)))(x),
)
