"""The array API over TensorFlow: the part that the identities use, by calls of TensorFlow.

Its ``tf.experimental.numpy`` has other names, and operators that have to be switched on for the
whole process.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .arrays import Array, tensor_of
from .quiet import tf

Axis = int | tuple[int, ...] | None

pi = math.pi


def exp(x: Array) -> Array:
    return Array(tf.exp(tensor_of(x)))


def expm1(x: Array) -> Array:
    return Array(tf.math.expm1(tensor_of(x)))


def log(x: Array) -> Array:
    return Array(tf.math.log(tensor_of(x)))


def log1p(x: Array) -> Array:
    return Array(tf.math.log1p(tensor_of(x)))


def logaddexp(a: Array, b: Array) -> Array:
    return Array(tf.experimental.numpy.logaddexp(tensor_of(a), tensor_of(b)))


def sqrt(x: Array) -> Array:
    return Array(tf.sqrt(tensor_of(x)))


def tanh(x: Array) -> Array:
    return Array(tf.tanh(tensor_of(x)))


def abs(x: Array) -> Array:
    return Array(tf.abs(tensor_of(x)))


def where(condition: Array, a: Any, b: Any) -> Array:
    return Array(tf.where(tensor_of(condition), tensor_of(a), tensor_of(b)))


def maximum(x: Array, y: Array) -> Array:
    return Array(tf.maximum(tensor_of(x), tensor_of(y)))


def clip(x: Array, low: float, high: float) -> Array:
    return Array(tf.clip_by_value(tensor_of(x), low, high))


def sum(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    return Array(tf.reduce_sum(tensor_of(x), axis=axis, keepdims=keepdims))


def prod(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    return Array(tf.reduce_prod(tensor_of(x), axis=axis, keepdims=keepdims))


def mean(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    return Array(tf.reduce_mean(tensor_of(x), axis=axis, keepdims=keepdims))


def max(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    return Array(tf.reduce_max(tensor_of(x), axis=axis, keepdims=keepdims))


def min(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    return Array(tf.reduce_min(tensor_of(x), axis=axis, keepdims=keepdims))


def argmax(x: Array, axis: int = -1) -> Array:
    return Array(tf.argmax(tensor_of(x), axis=axis))


def argsort(x: Array, axis: int = -1) -> Array:
    return Array(tf.argsort(tensor_of(x), axis=axis, stable=True))


def sort(x: Array, axis: int = -1) -> Array:
    return Array(tf.sort(tensor_of(x), axis=axis))


def zeros(shape: Any) -> Array:
    return Array(tf.zeros(shape))


def ones(shape: Any) -> Array:
    return Array(tf.ones(shape))


def zeros_like(x: Array) -> Array:
    return Array(tf.zeros_like(tensor_of(x)))


def ones_like(x: Array) -> Array:
    return Array(tf.ones_like(tensor_of(x)))


def eye(n: int) -> Array:
    return Array(tf.eye(n))


def arange(n: int) -> Array:
    """Of the type that indices have."""
    return Array(tf.range(n, dtype=tf.int64))


def stack(arrays: Sequence[Array], axis: int = 0) -> Array:
    return Array(tf.stack([tensor_of(x) for x in arrays], axis=axis))


def concat(arrays: Sequence[Array], axis: int = 0) -> Array:
    return Array(tf.concat([tensor_of(x) for x in arrays], axis=axis))


def reshape(x: Array, shape: Any) -> Array:
    return Array(tf.reshape(tensor_of(x), shape))


def broadcast_to(x: Array, shape: Any) -> Array:
    return Array(tf.broadcast_to(tensor_of(x), shape))


def permute_dims(x: Array, axes: Sequence[int]) -> Array:
    return Array(tf.transpose(tensor_of(x), axes))


def matrix_transpose(x: Array) -> Array:
    return x.mT


def flip(x: Array) -> Array:
    """Every axis reversed."""
    return Array(tf.reverse(tensor_of(x), list(range(x.ndim))))


def take(x: Array, indices: Array, axis: int = 0) -> Array:
    return Array(tf.gather(tensor_of(x), tensor_of(indices), axis=axis))


def take_along_axis(x: Array, indices: Array, axis: int = -1) -> Array:
    """By a look-up along the last axis, for each place along the others."""
    last = x.ndim - 1
    axes = list(range(x.ndim))
    axes[axis], axes[last] = axes[last], axes[axis]  # its own inverse
    rows, places = (tf.transpose(tensor_of(a), axes) for a in (x, indices))
    return Array(tf.transpose(tf.gather(rows, places, axis=last, batch_dims=last), axes))


class linalg:
    """Linear algebra."""

    matrix_transpose = staticmethod(matrix_transpose)

    @staticmethod
    def outer(a: Array, b: Array) -> Array:
        return Array(tf.tensordot(tensor_of(a), tensor_of(b), 0))

    @staticmethod
    def trace(x: Array) -> Array:
        return Array(tf.linalg.trace(tensor_of(x)))

    @staticmethod
    def det(x: Array) -> Array:
        return Array(tf.linalg.det(tensor_of(x)))

    @staticmethod
    def inv(x: Array) -> Array:
        return Array(tf.linalg.inv(tensor_of(x)))

    @staticmethod
    def eigvalsh(x: Array) -> Array:
        return Array(tf.linalg.eigvalsh(tensor_of(x)))


class special:
    """Special functions, beside the standard."""

    @staticmethod
    def erf(x: Array) -> Array:
        return Array(tf.math.erf(tensor_of(x)))
