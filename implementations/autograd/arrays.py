"""autograd's arrays, which are NumPy's, and the array API in its functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd.numpy as anp
import autograd.scipy.special
import numpy as np
from autograd.numpy.numpy_boxes import ArrayBox

from ..protocol import Backend
from .native import NATIVE

if not hasattr(ArrayBox, "mT"):
    # A traced array has .T and not .mT, which NumPy's arrays have: by autograd's own swapaxes.
    ArrayBox.mT = property(lambda self: anp.swapaxes(self, -1, -2))


class _Linalg:
    """autograd.numpy.linalg; the functions that the array API moved there keep their derivative."""

    trace = staticmethod(anp.trace)
    outer = staticmethod(anp.outer)

    def __getattr__(self, name: str) -> Any:
        return getattr(anp.linalg, name)


class _Namespace:
    """autograd.numpy, with the array API's names for what it has by others.

    It wraps NumPy's ``concat``, ``flip``, ``take``, ``take_along_axis`` and ``matrix_transpose``
    without a derivative; ``concatenate``, indexing and ``swapaxes`` have one.
    """

    special = autograd.scipy.special
    linalg = _Linalg()

    def __getattr__(self, name: str) -> Any:
        return getattr(anp, name)

    @staticmethod
    def concat(arrays: Sequence[Any], axis: int = 0) -> Any:
        return anp.concatenate(list(arrays), axis=axis)

    @staticmethod
    def flip(x: Any) -> Any:
        return x[(slice(None, None, -1),) * anp.ndim(x)]

    @staticmethod
    def matrix_transpose(x: Any) -> Any:
        return anp.swapaxes(x, -1, -2)

    @staticmethod
    def take(x: Any, indices: np.ndarray, axis: int) -> Any:
        return x[(slice(None),) * (axis % x.ndim) + (indices,)]

    @staticmethod
    def take_along_axis(x: Any, indices: np.ndarray, axis: int) -> Any:
        return x[along_axis(indices, axis)]


def along_axis(indices: np.ndarray, axis: int) -> tuple[np.ndarray, ...]:
    """The index arrays with which indexing is ``take_along_axis``."""
    grid = list(np.ogrid[tuple(slice(n) for n in indices.shape)])
    grid[axis] = indices
    return tuple(grid)


class AutogradArrays(Backend):
    """autograd without a way to differentiate: a code path is this and a ``vjp``."""

    dtypes = ("float64", "float32", "float16")
    native = NATIVE
    _namespace = _Namespace()

    @property
    def namespace(self) -> Any:
        return self._namespace

    def from_numpy(self, x: np.ndarray) -> np.ndarray:
        return np.array(x)

    def to_numpy(self, x: np.ndarray) -> np.ndarray:
        return np.array(x)

    def laid_out(self, x: np.ndarray, layout: str) -> np.ndarray:
        if layout == "transposed":
            return np.array(x, order="F")
        if layout == "strided":
            return np.stack([x, np.zeros_like(x)], axis=-1)[..., 0]
        if layout == "reversed":
            return np.asarray(np.flip(np.array(np.flip(x))))
        if layout == "offset":
            return np.concatenate([np.zeros(1, x.dtype), x.ravel()])[1:].reshape(x.shape)
        return np.broadcast_to(x[:1], x.shape)

    def same_memory(self, x: np.ndarray) -> np.ndarray:
        return x
