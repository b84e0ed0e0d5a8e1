"""Faults against what an adapter promises: nothing done, or something else returned."""

from __future__ import annotations

import numpy as np

from ..implementations.protocol import Backend
from .declaration import fault, gradient_fault


@fault("nothing is implemented", raw=True)
def nothing_implemented(call):
    raise NotImplementedError("nothing is implemented")


def _has_arrays_of_its_own(backend: Backend) -> bool:
    return not isinstance(backend.from_numpy(np.zeros(1)), np.ndarray)


@fault("NumPy arrays are returned in place of the backend's", raw=True,
       suits=_has_arrays_of_its_own)  # fmt: skip
def numpy_in_place_of_its_own(call):
    return call.right()


@gradient_fault("the gradient is missing", raw=True)
def gradient_missing(call, g, name):
    value, gradients = call.answered()
    return value, {other: x for other, x in gradients.items() if other != name}


@gradient_fault("the gradient has an axis too many", raw=True)
def axis_too_many(call, g, name):
    value, gradients = call.answered()
    return value, {**gradients, name: gradients[name][None]}


@gradient_fault("the gradient has another floating-point type", raw=True)
def another_type(call, g, name):
    value, gradients = call.answered()
    put, get = call.of.backend.from_numpy, call.of.backend.to_numpy
    right = get(gradients[name])
    other = np.float32 if right.dtype == np.float64 else np.float64
    return value, {**gradients, name: put(right.astype(other))}
