"""MLX's arrays on the CPU, and their array namespace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import ml_dtypes
import mlx.core as mx
import numpy as np

Array: TypeAlias = mx.array

TYPES = {
    "float64": mx.float64,
    "float32": mx.float32,
    "float16": mx.float16,
    "bfloat16": mx.bfloat16,
    "int64": mx.int64,
    "bool": mx.bool_,
}


def from_numpy(x: np.ndarray) -> Array:
    """A copy, of the type that is named: by itself ``mx.array`` makes float32 of float64."""
    if not x.size:
        # mx.array would do, but what mx.vjp makes of it is marked as not contiguous, and a sum over
        # such an array loops over memory that is not its own: it may never end.
        return mx.zeros(x.shape, dtype=TYPES[x.dtype.name])
    x = x.copy()  # MLX takes no negative strides
    if x.dtype == ml_dtypes.bfloat16:  # by the bits: no value is rounded on the way
        return mx.array(x.view(np.uint16)).view(mx.bfloat16)
    return mx.array(x, dtype=TYPES[x.dtype.name])


def to_numpy(x: Array) -> np.ndarray:
    if x.dtype == mx.bfloat16:
        return np.array(mx.contiguous(x).view(mx.uint16)).view(ml_dtypes.bfloat16)
    return np.array(x)


def laid_out(x: Array, layout: str) -> Array:
    """Views of copies, computed here, so that the call gets views; nothing has no layout."""
    if not x.size:
        return x
    if layout == "transposed":
        placed = mx.transpose(mx.contiguous(mx.transpose(x)))
    elif layout == "strided":
        placed = mx.contiguous(mx.stack([x, mx.zeros_like(x)], axis=-1))[..., 0]
    elif layout == "reversed":
        back = (slice(None, None, -1),) * x.ndim
        placed = mx.contiguous(x[back])[back] if x.ndim else mx.contiguous(x)
    elif layout == "offset":
        behind = mx.concatenate([mx.zeros((1,), dtype=x.dtype), mx.reshape(x, (-1,))])
        placed = mx.reshape(behind[1:], x.shape)
    else:
        placed = mx.broadcast_to(x[:1], x.shape)
    mx.eval(placed)
    return placed


class _Linalg:
    det = staticmethod(mx.linalg.det)
    inv = staticmethod(mx.linalg.inv)
    slogdet = staticmethod(mx.linalg.slogdet)
    outer = staticmethod(mx.outer)
    trace = staticmethod(mx.trace)
    matrix_transpose = staticmethod(mx.matrix_transpose)


class _Special:
    erf = staticmethod(mx.erf)


class _Namespace:
    """mlx.core, which has most of the array API under its names, with linalg and special beside."""

    linalg = _Linalg()
    special = _Special()

    def __getattr__(self, name: str) -> Any:
        return getattr(mx, name)

    def stack(self, arrays: Sequence[Array], axis: int = 0) -> Array:
        return mx.stack(list(arrays), axis=axis)

    def concat(self, arrays: Sequence[Array], axis: int = 0) -> Array:
        return mx.concatenate(list(arrays), axis=axis)


NAMESPACE = _Namespace()
