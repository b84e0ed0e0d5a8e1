"""A forward function and its hand-derived backward function, as a layer library writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray
Gradients = Mapping[str, Array]


@dataclass(frozen=True)
class Pair:
    """``forward(**arguments)`` gives the value and a cache, ``backward(ybar, cache)`` the gradients.

    Calling the pair gives the value and the pullback, which holds the cache. So static parameters
    may be fixed beforehand: ``functools.partial(pair, reduction="mean")`` is called the same way.
    """

    forward: Callable[..., tuple[Array, Any]]
    backward: Callable[[Array, Any], Gradients]

    def __call__(self, **arguments: Any) -> tuple[Array, Callable[[Array], Gradients]]:
        value, cache = self.forward(**arguments)
        return value, lambda ybar: self.backward(ybar, cache)
