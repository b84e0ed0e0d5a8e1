"""A backend with a fault: the right one inside, and one answer of it spoiled."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..implementations.implementation import Implementation
from ..implementations.protocol import Backend
from .declaration import Fault
from .right import Answer, Asked, Call, Right


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
        self.device = inner.device
        self._memory: dict[Any, Any] = {}

    @property
    def devices(self) -> tuple[str, ...]:
        return self.inner.devices

    def placed(self) -> AbstractContextManager[Any]:
        return self.inner.placed()

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

    def product_bits(self, dtype: str, primitive: str = "") -> int | None:
        return self.inner.product_bits(dtype, primitive)

    def from_numpy(self, x: np.ndarray) -> Any:
        return self.inner.from_numpy(x)

    def to_numpy(self, x: Any) -> np.ndarray:
        return self.inner.to_numpy(x)

    def laid_out(self, x: Any, layout: str) -> Any:
        return self.inner.laid_out(x, layout)

    def same_memory(self, x: Any) -> Any:
        return self.inner.same_memory(x)

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
        if not isinstance(function, Asked):
            return self.inner.jvp(function, arguments, tangents)
        spoiled = dict(tangents)
        if self.fault.method == "jvp":
            self.changed += 1
            spoiled = self.fault.spoil(tangents, self.argument)
        get, put = self.inner.to_numpy, self.inner.from_numpy

        def ask() -> tuple[np.ndarray, np.ndarray]:
            value, slope = self.inner.jvp(function.right, arguments, spoiled)
            return get(value), get(slope)

        numbers = self._numbers(arguments, spoiled)
        value, slope = self.right.once(("jvp", function.static), numbers, ask)
        return put(value), put(slope)

    def hvp(
        self,
        nesting: str,
        function: Any,
        arguments: Mapping[str, Any],
        ybar: Any,
        tangents: Mapping[str, Any],
    ) -> Any:
        if not isinstance(function, Asked):
            return self.inner.hvp(nesting, function, arguments, ybar, tangents)

        def ask() -> dict[str, np.ndarray]:
            found = self.inner.hvp(nesting, function.right, arguments, ybar, tangents)
            return {name: self.inner.to_numpy(x) for name, x in found.items()}

        numbers = self._numbers(arguments, tangents, ybar)
        right = self.right.once((nesting, function.static), numbers, ask)
        return self._put(right, self.fault.method == "hvp")

    def _answered(
        self,
        method: str,
        function: Any,
        arguments: Mapping[str, Any],
        wrt: tuple[str, ...],
        ybar: Any,
    ) -> Any:
        if not isinstance(function, Asked):
            return getattr(self.inner, method)(function, arguments, wrt, ybar)
        get = self.inner.to_numpy
        if method == "vjp":
            if self.fault.method != "vjp":
                return self.inner.vjp(function.right, arguments, wrt, ybar)
            numbers = {name: get(x) for name, x in arguments.items()}
            call = Call(
                self.right, function.static, numbers, wrt, get(ybar), arguments, ybar, self._memory
            )
            return self._spoiled(call)

        def ask() -> Answer:
            value, gradients = getattr(self.inner, method)(function.right, arguments, wrt, ybar)
            return get(value), {name: get(g) for name, g in gradients.items()}

        numbers = self._numbers(arguments, {}, ybar)
        value, gradients = self.right.once((method, wrt, function.static), numbers, ask)
        return self.inner.from_numpy(value), self._put(gradients, self.fault.method == method)

    def _numbers(
        self, arguments: Mapping[str, Any], tangents: Mapping[str, Any], ybar: Any = None
    ) -> dict[str, np.ndarray]:
        """The numbers of a question: they are the same whatever is made of the answer."""
        given = {**arguments, **{f"along {name}": v for name, v in tangents.items()}}
        given |= {} if ybar is None else {"ybar": ybar}
        return {name: self.inner.to_numpy(x) for name, x in given.items()}

    def _put(self, right: Mapping[str, np.ndarray], spoil: bool) -> dict[str, Any]:
        """The backend's arrays of what was answered, spoiled where the fault is about it."""
        found = {name: x.copy() for name, x in right.items()}
        if spoil:
            found = self.fault.spoil(found, self.argument)
            self.changed += any(not _same(right[name], found[name]) for name in right)
        return {name: self.inner.from_numpy(x) for name, x in found.items()}

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
        return self.backend.right.asked(tuple(static.items()))


def with_fault(right: Right, fault: Fault, argument: str | None = None) -> FaultyImplementation:
    """The right implementation with a fault put over it, on one argument's gradient or the whole.

    >>> right = Right(Implementation(load("torch"), "native", "softmax", softmax.forward))
    >>> with_fault(right, FAULTS["sign"], "z")
    """
    i = right.implementation
    return FaultyImplementation(Faulty(right, fault, argument), i.route, i.identity, i.forward)


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    """The same shape and numbers; NaN is NaN, and −0 is 0, which no law tells from 0."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    x, y = (np.asarray(c, np.float64) for c in (a, b))
    return bool(np.array_equal(x, y, equal_nan=True))
