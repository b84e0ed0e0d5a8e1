"""A backend with a fault: the right one inside, and one answer of it spoiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..identities import CATALOGUE
from ..identities.declaration import Identity
from ..implementations.implementation import Implementation
from ..implementations.protocol import Backend
from .declaration import Fault

Answer = tuple[np.ndarray, dict[str, np.ndarray]]
Static = tuple[tuple[str, Any], ...]


class Right:
    """The right implementation, which every fault asks; it remembers what it answered.

    Faults are many and cases few: a framework computes each answer once.
    """

    def __init__(self, implementation: Implementation) -> None:
        self.implementation = implementation
        self.backend = implementation.backend
        self.identity: Identity = CATALOGUE[implementation.identity]
        self._answers: dict[Any, Answer] = {}
        self._functions: dict[Any, Callable[..., Any]] = {}

    def function(self, static: Static, identity: str | None = None) -> Callable[..., Any]:
        """What the backend differentiates, for this identity or for another one."""
        key = identity, static
        if key not in self._functions:
            i = self.implementation
            if identity is not None:
                forward = CATALOGUE[identity].forward
                i = Implementation(i.backend, i.route, identity, forward)
            self._functions[key] = i.function(dict(static))
        return self._functions[key]

    def answer(
        self,
        arguments: Mapping[str, np.ndarray],
        wrt: tuple[str, ...],
        ybar: np.ndarray,
        static: Static,
        identity: str | None = None,
    ) -> Answer:
        """Value and gradients, as NumPy arrays."""
        given = [*arguments.values(), ybar]
        question = [(x.tobytes(), x.shape, x.dtype) for x in given]
        key = identity, static, wrt, tuple(arguments), tuple(question)
        if key not in self._answers:
            put, get = self.backend.from_numpy, self.backend.to_numpy
            value, gradients = self.backend.vjp(
                self.function(static, identity),
                {name: put(x.copy()) for name, x in arguments.items()},
                wrt,
                put(ybar.copy()),
            )
            self._answers[key] = get(value), {name: get(gradients[name]) for name in wrt}
        value, gradients = self._answers[key]
        return value.copy(), {name: g.copy() for name, g in gradients.items()}


@dataclass(eq=False)
class Call:
    """One question to a faulty backend.

    ``arguments``, ``ybar`` and, in other modes, ``tangents`` are NumPy arrays; ``given`` and
    ``given_ybar`` the backend's own; ``static`` the parameters. ``memory`` is the faulty backend's,
    from its first call to its last.
    """

    of: Right
    static: Static
    arguments: dict[str, np.ndarray]
    wrt: tuple[str, ...]
    ybar: np.ndarray
    given: Mapping[str, Any]
    given_ybar: Any
    memory: dict[Any, Any]
    rest: dict[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        """What is asked for."""
        return self.of.identity

    @property
    def parameters(self) -> dict[str, Any]:
        """The static parameters by name."""
        return dict(self.static)

    def right(
        self,
        arguments: Mapping[str, np.ndarray] | None = None,
        ybar: np.ndarray | None = None,
        parameters: Mapping[str, Any] | None = None,
        identity: str | None = None,
        wrt: tuple[str, ...] | None = None,
    ) -> Answer:
        """The right answer, or that to another question: what is given takes the place of its own.

        With ``identity``, another function is asked for, of exactly the ``arguments``.
        """
        asked = dict(arguments or {}) if identity else {**self.arguments, **(arguments or {})}
        static = tuple((parameters if parameters is not None else self.parameters).items())
        cotangent = self.ybar if ybar is None else ybar
        return self.of.answer(asked, wrt or self.wrt, cotangent, static, identity)

    def gradient(self, name: str, **other: Any) -> np.ndarray:
        """One gradient of ``right(**other)``."""
        return self.right(**other)[1][name]


@dataclass(eq=False, frozen=True)
class Asked:
    """The function of an implementation for some static parameters, with the parameters."""

    right: Callable[..., Any]
    static: Static

    def __call__(self, **arguments: Any) -> Any:
        return self.right(**arguments)


class Faulty(Backend):
    """A backend whose answers for one identity have a fault, on the gradient of ``argument``.

    ``changed`` counts the answers that are other bits than the right ones. Functions that are made
    of the identity's, and methods that the fault does not name, are answered rightly.
    """

    def __init__(self, right: Right, fault: Fault, argument: str | None = None) -> None:
        inner = right.backend
        self.inner, self.right, self.fault, self.argument = inner, right, fault, argument
        self.changed = 0
        self.name, self.dtypes, self.native = inner.name, inner.dtypes, inner.native  # type: ignore[misc]
        self.nestings, self.layouts = inner.nestings, inner.layouts  # type: ignore[misc]
        self._memory: dict[Any, Any] = {}
        self._asked: dict[Static, Asked] = {}

    @property
    def namespace(self) -> Any:
        return self.inner.namespace

    @property
    def version(self) -> str:
        return self.inner.version

    @property
    def itself(self) -> Backend:
        return self.inner

    def can(self, ability: str) -> bool:
        return self.inner.can(ability)

    def from_numpy(self, x: np.ndarray) -> Any:
        return self.inner.from_numpy(x)

    def to_numpy(self, x: Any) -> np.ndarray:
        return self.inner.to_numpy(x)

    def laid_out(self, x: Any, layout: str) -> Any:
        return self.inner.laid_out(x, layout)

    def same_memory(self, x: Any) -> Any:
        return self.inner.same_memory(x)

    def asked(self, static: Static) -> Asked:
        """The function that is differentiated, which says its static parameters."""
        if static not in self._asked:
            self._asked[static] = Asked(self.right.function(static), static)
        return self._asked[static]

    def vjp(
        self, function: Any, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> Any:
        return self._answered("vjp", function, arguments, wrt, ybar)

    def batched_vjp(
        self, function: Any, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> Any:
        return self._answered("batched_vjp", function, arguments, wrt, ybar)

    def compiled_vjp(
        self, function: Any, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> Any:
        return self._answered("compiled_vjp", function, arguments, wrt, ybar)

    def accumulated_vjp(
        self, function: Any, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> Any:
        return self._answered("accumulated_vjp", function, arguments, wrt, ybar)

    def jvp(self, function: Any, arguments: Mapping[str, Any], tangents: Mapping[str, Any]) -> Any:
        spoiled = tangents
        if self.fault.method == "jvp" and isinstance(function, Asked):
            self.changed += 1
            spoiled = self.fault.spoil(tangents, self.argument)
        return self.inner.jvp(_plain(function), arguments, spoiled)

    def hvp(
        self,
        nesting: str,
        function: Any,
        arguments: Mapping[str, Any],
        ybar: Any,
        tangents: Mapping[str, Any],
    ) -> Any:
        products = self.inner.hvp(nesting, _plain(function), arguments, ybar, tangents)
        if self.fault.method != "hvp" or not isinstance(function, Asked):
            return products
        found = {name: self.inner.to_numpy(x) for name, x in products.items()}
        wrong = self.fault.spoil(found, self.argument)
        self.changed += any(not _same(found[name], wrong[name]) for name in found)
        return {name: self.inner.from_numpy(x) for name, x in wrong.items()}

    def _answered(
        self,
        method: str,
        function: Any,
        arguments: Mapping[str, Any],
        wrt: tuple[str, ...],
        ybar: Any,
    ) -> Any:
        if self.fault.method != method or not isinstance(function, Asked):
            return getattr(self.inner, method)(_plain(function), arguments, wrt, ybar)
        get = self.inner.to_numpy
        if method == "vjp":
            numbers = {name: get(x) for name, x in arguments.items()}
            call = Call(
                self.right, function.static, numbers, wrt, get(ybar), arguments, ybar, self._memory
            )
            return self._spoiled(call)
        value, gradients = getattr(self.inner, method)(function.right, arguments, wrt, ybar)
        found = {name: get(g) for name, g in gradients.items()}
        wrong = self.fault.spoil(found, self.argument)
        self.changed += any(not _same(found[name], wrong[name]) for name in found)
        return value, {name: self.inner.from_numpy(g) for name, g in wrong.items()}

    def _spoiled(self, call: Call) -> Any:
        if self.fault.raw:
            self.changed += 1
            of = (None, self.argument) if self.fault.of_a_gradient else ()
            return self.fault.spoil(call, *of)
        value, gradients = call.right()
        if self.fault.of_a_gradient:
            assert self.argument is not None
            if self.argument in gradients:
                right = gradients[self.argument]
                with np.errstate(all="ignore"):
                    wrong = np.asarray(self.fault.spoil(call, right.copy(), self.argument))
                wrong = wrong.astype(right.dtype)
                self.changed += not _same(right, wrong)
                gradients[self.argument] = wrong
        else:
            with np.errstate(all="ignore"):
                found = self.fault.spoil(call)
            wrong_value, wrong_gradients = (
                np.asarray(found[0]).astype(value.dtype),
                {n: np.asarray(g).astype(gradients[n].dtype) for n, g in found[1].items()},
            )
            pairs = [(value, wrong_value), *((gradients[n], g) for n, g in wrong_gradients.items())]
            self.changed += any(not _same(a, b) for a, b in pairs)
            value, gradients = wrong_value, wrong_gradients
        put = self.inner.from_numpy
        return put(value), {name: put(g) for name, g in gradients.items()}


@dataclass(frozen=True)
class FaultyImplementation(Implementation):
    """An implementation whose functions tell the faulty backend their static parameters."""

    def function(self, static: Mapping[str, Any]) -> Any:
        assert isinstance(self.backend, Faulty)
        return self.backend.asked(tuple(static.items()))


def with_fault(right: Right, fault: Fault, argument: str | None = None) -> FaultyImplementation:
    """The right implementation with a fault put over it, on one argument's gradient or the whole.

    >>> right = Right(Implementation(load("torch"), "native", "softmax", softmax.forward))
    >>> with_fault(right, FAULTS["sign"], "z")
    """
    i = right.implementation
    return FaultyImplementation(Faulty(right, fault, argument), i.route, i.identity, i.forward)


def _plain(function: Any) -> Any:
    return function.right if isinstance(function, Asked) else function


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    """The same shape and numbers; NaN is NaN, and −0 is 0, which no law tells from 0."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    x, y = (np.asarray(c, np.float64) for c in (a, b))
    return bool(np.array_equal(x, y, equal_nan=True))
