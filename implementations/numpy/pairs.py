"""A forward function and its hand-derived backward function, as a layer library writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray
Gradients = Mapping[str, Array]
ValueAndCache = tuple[Array | np.generic, Any]
"""A scalar value is an array of no dimensions or one of NumPy's scalars."""


@dataclass(frozen=True)
class Pair:
    """``forward(**arguments)`` gives value and cache, ``backward(ybar, cache)`` the gradients.

    Calling the pair gives the value and the pullback, which holds the cache. So static parameters
    may be fixed beforehand: ``functools.partial(pair, reduction="mean")`` is called the same way.
    """

    forward: Callable[..., ValueAndCache]
    backward: Callable[[Array, Any], Gradients]

    def __call__(self, **arguments: Any) -> tuple[Array | np.generic, Callable[[Array], Gradients]]:
        value, cache = self.forward(**arguments)
        return value, lambda ybar: self.backward(ybar, cache)
