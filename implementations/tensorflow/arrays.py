"""TensorFlow's tensors as the identities write arrays: ``@`` with vectors, ``.T`` and ``.mT``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ..protocol import Function
from .quiet import tf


class Array:
    """A tensor with the operators of the array API; all but ``@`` are the tensor's own.

    TensorFlow converts it where it takes a tensor.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> Any:
        return tf.convert_to_tensor(self.tensor, dtype, name=name)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.tensor.shape)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def dtype(self) -> Any:
        return self.tensor.dtype

    @property
    def T(self) -> Array:
        return Array(tf.transpose(self.tensor))

    @property
    def mT(self) -> Array:
        return Array(tf.linalg.matrix_transpose(self.tensor))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Array:
        return Array(self.tensor[key])

    def __matmul__(self, other: Any) -> Array:
        a, b = self.tensor, tensor_of(other)
        if len(b.shape) == 1:
            return Array(tf.tensordot(a, b, 1) if len(a.shape) == 1 else tf.linalg.matvec(a, b))
        if len(a.shape) == 1:
            return Array(tf.linalg.matvec(b, a, transpose_a=True))
        return Array(tf.linalg.matmul(a, b))

    def __add__(self, other: Any) -> Array:
        return Array(self.tensor + tensor_of(other))

    def __radd__(self, other: Any) -> Array:
        return Array(other + self.tensor)

    def __sub__(self, other: Any) -> Array:
        return Array(self.tensor - tensor_of(other))

    def __rsub__(self, other: Any) -> Array:
        return Array(other - self.tensor)

    def __mul__(self, other: Any) -> Array:
        return Array(self.tensor * tensor_of(other))

    def __rmul__(self, other: Any) -> Array:
        return Array(other * self.tensor)

    def __truediv__(self, other: Any) -> Array:
        return Array(self.tensor / tensor_of(other))

    def __rtruediv__(self, other: Any) -> Array:
        return Array(other / self.tensor)

    def __pow__(self, other: Any) -> Array:
        return Array(self.tensor ** tensor_of(other))

    def __neg__(self) -> Array:
        return Array(-self.tensor)

    def __abs__(self) -> Array:
        return Array(tf.abs(self.tensor))

    def __and__(self, other: Any) -> Array:
        return Array(self.tensor & tensor_of(other))

    def __or__(self, other: Any) -> Array:
        return Array(self.tensor | tensor_of(other))

    def __invert__(self) -> Array:
        return Array(~self.tensor)

    def __lt__(self, other: Any) -> Array:
        return Array(self.tensor < tensor_of(other))

    def __le__(self, other: Any) -> Array:
        return Array(self.tensor <= tensor_of(other))

    def __gt__(self, other: Any) -> Array:
        return Array(self.tensor > tensor_of(other))

    def __ge__(self, other: Any) -> Array:
        return Array(self.tensor >= tensor_of(other))

    def __eq__(self, other: object) -> Any:
        return Array(tf.equal(self.tensor, tensor_of(other)))

    def __ne__(self, other: object) -> Any:
        return Array(tf.not_equal(self.tensor, tensor_of(other)))


def tensor_of(x: Any) -> Any:
    """The tensor in an array; what is none, a number or a tensor, is itself."""
    return x.tensor if isinstance(x, Array) else x


def applied(function: Function, tensors: Mapping[str, Any]) -> Any:
    """A function of arrays on tensors: its value as a tensor."""
    return tensor_of(function(**{name: Array(t) for name, t in tensors.items()}))


def of_tensors(function: Function) -> Function:
    """A function of tensors as one of arrays."""

    @functools.wraps(function)
    def of_arrays(*arguments: Any, **named: Any) -> Any:
        return function(
            *(tensor_of(x) for x in arguments), **{k: tensor_of(x) for k, x in named.items()}
        )

    return of_arrays
