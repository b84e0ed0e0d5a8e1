"""Three-valued truth: comparing two balls that overlap has no answer."""

from __future__ import annotations

from typing import Any

import numpy as np


class Truth:
    """An array of True, False and None (unknown)."""

    __array_priority__ = 1001
    __array_ufunc__ = None

    def __init__(self, elements: np.ndarray) -> None:
        self.elements = elements

    @property
    def shape(self) -> tuple[int, ...]:
        return self.elements.shape

    def __getitem__(self, key: Any) -> Truth:
        found = self.elements[key]
        return Truth(found if isinstance(found, np.ndarray) else np.array(found, object))

    def __invert__(self) -> Truth:
        return self._map(lambda a: None if a is None else not a)

    def __and__(self, other: Any) -> Truth:
        return self._map(_and, other)

    __rand__ = __and__

    def __or__(self, other: Any) -> Truth:
        return ~(~self & ~as_truth(other))

    __ror__ = __or__

    def __bool__(self) -> bool:
        raise TypeError("the truth of a comparison of balls may be unknown: use xp.where")

    def _map(self, function: Any, *others: Any) -> Truth:
        arrays = np.broadcast_arrays(self.elements, *(as_truth(o).elements for o in others))
        result = np.empty(arrays[0].shape, object)
        for position, values in enumerate(zip(*(a.flat for a in arrays), strict=True)):
            result.flat[position] = function(*values)
        return Truth(result)


def _and(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def as_truth(x: Any) -> Truth:
    """A Truth as it is; an ndarray of bool (a mask, a comparison of indices) as Truth."""
    if isinstance(x, Truth):
        return x
    elements = np.empty(np.shape(x), object)
    for position, value in enumerate(np.asarray(x).flat):
        elements.flat[position] = bool(value)
    return Truth(elements)
