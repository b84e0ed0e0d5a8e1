"""In float32 and float16 some gradients are of float64: their rules bring in float64 arrays."""

import autograd.numpy as np
from autograd import grad

FUNCTIONS = {
    "where(x > 0, x, 0)": lambda x: np.sum(np.where(x > 0, x, 0 * x)),
    "maximum(x, 0)": lambda x: np.sum(np.maximum(x, 0)),
    "max": lambda x: np.max(x),
    "mean": lambda x: np.mean(x),
    "var": lambda x: np.var(x),
    "trace": lambda x: np.trace(x),
    "sum": lambda x: np.sum(x),
}
for name, function in FUNCTIONS.items():
    for dtype in (np.float32, np.float16):
        x = np.array([[1, 2], [3, 4]], dtype)
        print(f"{name}: expected {x.dtype}, got {grad(function)(x).dtype}")
