"""PaddlePaddle's tensors on the CPU, and their array namespace."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .quietly import Tensor, paddle


def from_numpy(x: np.ndarray) -> Tensor:
    return paddle.to_tensor(x.copy())  # Paddle takes no negative strides


def to_numpy(x: Tensor) -> np.ndarray:
    return np.array(x.detach().numpy())


def laid_out(x: Tensor, layout: str) -> Tensor:
    if layout == "transposed":
        backwards = list(reversed(range(x.ndim)))
        return x.transpose(backwards).contiguous().transpose(backwards)
    if layout == "strided":
        return paddle.stack([x, paddle.zeros_like(x)], axis=-1)[..., 0]
    return paddle.concat([paddle.zeros([1], x.dtype), x.reshape([-1])])[1:].reshape(x.shape)


class _Linalg:
    det = staticmethod(paddle.linalg.det)
    inv = staticmethod(paddle.linalg.inv)
    outer = staticmethod(paddle.outer)
    trace = staticmethod(paddle.trace)
    matrix_transpose = staticmethod(paddle.matrix_transpose)


class _Special:
    erf = staticmethod(paddle.erf)


class _Namespace:
    """paddle, where it has the array API's names, and what it calls otherwise."""

    pi = math.pi
    linalg = _Linalg()
    special = _Special()

    def __getattr__(self, name: str) -> Any:
        return getattr(paddle, name)

    def sum(self, x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return paddle.sum(x, axis=axis, keepdim=keepdims)

    def mean(self, x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return paddle.mean(x, axis=axis, keepdim=keepdims)

    def prod(self, x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return paddle.prod(x, axis=axis, keepdim=keepdims)

    def max(self, x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return paddle.max(x, axis=axis, keepdim=keepdims)

    def min(self, x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return paddle.min(x, axis=axis, keepdim=keepdims)

    def flip(self, x: Tensor, axis: int | None = None) -> Tensor:
        return paddle.flip(x, list(range(x.ndim)) if axis is None else axis)

    def concat(self, arrays: Sequence[Tensor], axis: int = 0) -> Tensor:
        return paddle.concat(list(arrays), axis=axis)

    def stack(self, arrays: Sequence[Tensor], axis: int = 0) -> Tensor:
        return paddle.stack(list(arrays), axis=axis)

    def permute_dims(self, x: Tensor, axes: Sequence[int]) -> Tensor:
        return paddle.transpose(x, list(axes))

    def take(self, x: Tensor, indices: Tensor, axis: int) -> Tensor:
        return paddle.index_select(x, indices, axis=axis)

    def take_along_axis(self, x: Tensor, indices: Tensor, axis: int = -1) -> Tensor:
        return paddle.take_along_axis(x, indices, axis, broadcast=False)


NAMESPACE = _Namespace()
