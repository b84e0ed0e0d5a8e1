"""One identity on one backend by one route: NumPy arrays to observed value and gradients."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .protocol import Backend, Function

ROUTES = ("composed", "native")


class BadAnswer(Exception):
    """The adapter returned something that is not what it promised; the message says what."""


@dataclass(frozen=True)
class Observed:
    """What a backend returned, as NumPy arrays, and the inputs as it left them."""

    value: np.ndarray
    gradients: Mapping[str, np.ndarray]
    inputs_after: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Implementation:
    """An identity's forward as a backend computes it; ``forward`` is the composed definition.

    ``route`` is ``"composed"`` (that definition over the backend's array namespace) or ``"native"``
    (the backend's own primitive); ``identity`` is the name.
    """

    backend: Backend
    route: str
    identity: str
    forward: Function

    @property
    def supported(self) -> bool:
        """Whether the backend has this identity by this route at all."""
        if self.route == "composed":
            return self.backend.namespace is not None
        return self.identity in self.backend.native

    def function(self, static: Mapping[str, Any]) -> Function:
        """The function that the backend differentiates, one object per set of parameters."""
        return _function(
            self.backend, self.route, self.identity, self.forward, tuple(static.items())
        )

    def vjp(
        self,
        arguments: Mapping[str, np.ndarray],
        wrt: tuple[str, ...],
        ybar: np.ndarray,
        static: Mapping[str, Any],
    ) -> Observed:
        """Value and gradients on these arrays, for the arguments named in ``wrt``.

        ``ybar``, the cotangent, has the value's shape; each gradient should have its argument's.
        Raises BadAnswer where the backend returns something else than it promised, and whatever
        the backend raises.
        """
        backend = self.backend
        inputs = {name: backend.from_numpy(x.copy()) for name, x in arguments.items()}
        cotangent = backend.from_numpy(ybar.copy())
        answer = backend.vjp(self.function(static), inputs, wrt, cotangent)
        if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], Mapping)):
            raise BadAnswer(
                f"vjp returned {type(answer).__name__}; it must return a pair: the value, and a "
                "dict of gradients by argument name"
            )
        value, gradients = answer
        missing = [name for name in wrt if gradients.get(name) is None]
        if missing:
            raise BadAnswer(
                f"vjp returned no gradient for {', '.join(missing)}; it returned "
                f"{sorted(gradients) or 'none'}. A gradient that is zero is an array of zeros"
            )
        convert = functools.partial(self._to_numpy, like=type(cotangent))
        return Observed(
            convert("the value", value),
            {name: convert(f"the gradient for {name}", gradients[name]) for name in wrt},
            {
                **{name: backend.to_numpy(x) for name, x in inputs.items()},
                "ybar": backend.to_numpy(cotangent),
            },
        )

    def _to_numpy(self, what: str, x: Any, like: type) -> np.ndarray:
        numpy_like = issubclass(like, np.ndarray) and isinstance(x, np.generic)
        if not isinstance(x, like) and not numpy_like:
            raise BadAnswer(
                f"{what} is a {type(x).__module__}.{type(x).__name__}; the backend's own arrays "
                f"are {like.__module__}.{like.__name__}"
            )
        converted = self.backend.to_numpy(x)
        if not isinstance(converted, np.ndarray):
            raise BadAnswer(
                f"to_numpy returned {type(converted).__name__} for {what}, not a numpy.ndarray"
            )
        if converted.dtype.kind in "cOSUMm":
            raise BadAnswer(f"{what} holds {converted.dtype}, not real numbers")
        return converted


@functools.lru_cache(maxsize=64)
def _function(
    backend: Backend,
    route: str,
    identity: str,
    forward: Function,
    static: tuple[tuple[str, Any], ...],
) -> Callable[..., Any]:
    if route == "native":
        native = backend.native[identity]
        return functools.partial(native, **dict(static)) if static else native
    namespace = backend.namespace
    parameters = dict(static)

    def composed(**arguments: Any) -> Any:
        return forward(namespace, **arguments, **parameters)

    return composed


def implementations_of(backend: Backend, identity: str, forward: Function) -> list[Implementation]:
    """The implementation by each route; a backend without a namespace has no composed one."""
    return [
        Implementation(backend, route, identity, forward)
        for route in ROUTES
        if route == "native" or backend.namespace is not None
    ]
