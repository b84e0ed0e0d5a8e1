"""One identity on one backend by one route: NumPy arrays to observed value and gradients."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np

from .devices import at_its_device
from .protocol import Backend, Function

ROUTES = ("composed", "native")
P = ParamSpec("P")
T = TypeVar("T")


class BadAnswer(Exception):
    """The adapter returned something that is not what it promised; the message says what."""


@dataclass(frozen=True)
class Observed:
    """What a backend returned, as NumPy arrays, and the inputs as it left them."""

    value: np.ndarray
    gradients: Mapping[str, np.ndarray]
    inputs_after: Mapping[str, np.ndarray]


def _at_its_device(
    ask: Callable[Concatenate[Implementation, P], T],
) -> Callable[Concatenate[Implementation, P], T]:
    """A method that asks the backend, inside of what places its arrays on the device."""

    @functools.wraps(ask)
    def asked(i: Implementation, /, *given: P.args, **how: P.kwargs) -> T:
        with at_its_device(i.backend):
            return ask(i, *given, **how)

    return asked


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

    def product_bits(self, dtype: str) -> int | None:
        """Bits that the factors of its matrix products keep, where these are fewer than dtype's."""
        primitive = self.identity if self.route == "native" else ""
        return self.backend.product_bits(dtype, primitive)

    def function(self, static: Mapping[str, Any]) -> Function:
        """The function that the backend differentiates, one object per set of parameters."""
        return _function(
            self.backend, self.route, self.identity, self.forward, tuple(static.items())
        )

    @_at_its_device
    def vjp(
        self,
        arguments: Mapping[str, np.ndarray],
        wrt: tuple[str, ...],
        ybar: np.ndarray,
        static: Mapping[str, Any],
        *,
        method: str = "vjp",
        made_of: Callable[[Function], Function] | None = None,
        place: Callable[[dict[str, Any], Any], tuple[dict[str, Any], Any]] | None = None,
    ) -> Observed:
        """Value and gradients on these arrays, for the arguments named in ``wrt``.

        ``ybar``, the cotangent, has the value's shape; each gradient should have its argument's.
        ``method`` is the backend's that is asked, if not ``vjp``; ``made_of`` makes another
        function of the one that is differentiated, the same object for the same one; ``place``
        puts the backend's arrays (arguments and cotangent) elsewhere in memory before the call.
        Raises BadAnswer where the backend returns something else than it promised, and whatever
        the backend raises.
        """
        backend = self.backend
        inputs = self._from_numpy(arguments)
        cotangent = backend.from_numpy(ybar.copy())
        if place is not None:
            inputs, cotangent = place(inputs, cotangent)
        function = self.function(static)
        asked = getattr(backend, method)
        answer = asked(made_of(function) if made_of else function, inputs, wrt, cotangent)
        if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], Mapping)):
            raise BadAnswer(
                f"{method} returned {type(answer).__name__}; it must return a pair: the value, and "
                "a dict of gradients by argument name"
            )
        value, gradients = answer
        _none_missing(method, "gradient", wrt, gradients)
        convert = functools.partial(self._to_numpy, like=type(cotangent))
        return Observed(
            convert("the value", value),
            {name: convert(f"the gradient for {name}", gradients[name]) for name in wrt},
            {
                **{name: backend.to_numpy(x) for name, x in inputs.items()},
                "ybar": backend.to_numpy(cotangent),
            },
        )

    @_at_its_device
    def jvp(
        self,
        arguments: Mapping[str, np.ndarray],
        tangents: Mapping[str, np.ndarray],
        static: Mapping[str, Any],
    ) -> tuple[np.ndarray, np.ndarray]:
        """Value and J v. Raises BadAnswer, or whatever the backend raises."""
        inputs, directions = self._from_numpy(arguments), self._from_numpy(tangents)
        answer = self.backend.jvp(self.function(static), inputs, directions)
        if not (isinstance(answer, tuple) and len(answer) == 2):
            raise BadAnswer(
                f"jvp returned {type(answer).__name__}; it must return a pair: the value, and its "
                "derivative along the tangents"
            )
        like = type(next(iter(directions.values())))
        value, slope = answer
        return self._to_numpy("the value", value, like), self._to_numpy("J v", slope, like)

    @_at_its_device
    def hvp(
        self,
        nesting: str,
        arguments: Mapping[str, np.ndarray],
        ybar: np.ndarray,
        tangents: Mapping[str, np.ndarray],
        static: Mapping[str, Any],
    ) -> dict[str, np.ndarray]:
        """H v by argument. Raises BadAnswer, or whatever the backend raises."""
        inputs, directions = self._from_numpy(arguments), self._from_numpy(tangents)
        cotangent = self.backend.from_numpy(ybar.copy())
        answer = self.backend.hvp(nesting, self.function(static), inputs, cotangent, directions)
        if not isinstance(answer, Mapping):
            raise BadAnswer(
                f"hvp returned {type(answer).__name__}; it must return a dict by argument name"
            )
        _none_missing("hvp", "product", tuple(tangents), answer)
        convert = functools.partial(self._to_numpy, like=type(cotangent))
        return {name: convert(f"H v for {name}", answer[name]) for name in tangents}

    def _from_numpy(self, arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
        return {name: self.backend.from_numpy(x.copy()) for name, x in arrays.items()}

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


def _none_missing(method: str, what: str, wrt: tuple[str, ...], answer: Mapping[str, Any]) -> None:
    missing = [name for name in wrt if answer.get(name) is None]
    if missing:
        raise BadAnswer(
            f"{method} returned no {what} for {', '.join(missing)}; it returned "
            f"{sorted(answer) or 'none'}. A {what} that is zero is an array of zeros"
        )


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
