"""The right implementation behind every fault, and the question that a fault is put."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities import CATALOGUE
from ..identities.declaration import Identity
from ..implementations.implementation import Implementation

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
        self._answers: dict[Any, Any] = {}
        self._functions: dict[Any, Callable[..., Any]] = {}
        self._asked: dict[Static, Asked] = {}

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

    def asked(self, static: Static) -> Asked:
        """The function that a faulty backend differentiates, which says its static parameters.

        It is the same for all faults: what is made of it is compiled once.
        """
        if static not in self._asked:
            self._asked[static] = Asked(self.function(static), static)
        return self._asked[static]

    def answer(
        self,
        arguments: Mapping[str, np.ndarray],
        wrt: tuple[str, ...],
        ybar: np.ndarray,
        static: Static,
        identity: str | None = None,
    ) -> Answer:
        """Value and gradients, as NumPy arrays."""
        put, get = self.backend.from_numpy, self.backend.to_numpy

        def ask() -> Answer:
            value, gradients = self.backend.vjp(
                self.function(static, identity),
                {name: put(x.copy()) for name, x in arguments.items()},
                wrt,
                put(ybar.copy()),
            )
            return get(value), {name: get(gradients[name]) for name in wrt}

        value, gradients = self.once(
            ("vjp", identity, static, wrt), {**arguments, "ybar": ybar}, ask
        )
        return value.copy(), {name: g.copy() for name, g in gradients.items()}

    def once(
        self, what: Hashable, numbers: Mapping[str, np.ndarray], ask: Callable[[], Any]
    ) -> Any:
        """What was answered to a question about these numbers; asked for the first time only."""
        key = what, tuple((n, x.tobytes(), x.shape, x.dtype) for n, x in numbers.items())
        if key not in self._answers:
            self._answers[key] = ask()
        return self._answers[key]


@dataclass(eq=False)
class Call:
    """One question to a faulty backend.

    ``arguments`` and ``ybar`` are NumPy arrays, ``given`` and ``given_ybar`` the backend's own;
    ``static`` the parameters. ``memory`` is the faulty backend's, from its first call to its last.
    """

    of: Right
    static: Static
    arguments: dict[str, np.ndarray]
    wrt: tuple[str, ...]
    ybar: np.ndarray
    given: Mapping[str, Any]
    given_ybar: Any
    memory: dict[Any, Any]

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

    def answered(self) -> tuple[Any, dict[str, Any]]:
        """The right answer in the backend's own arrays, on the very arrays that were given."""
        function = self.of.function(self.static)
        value, gradients = self.of.backend.vjp(function, self.given, self.wrt, self.given_ybar)
        return value, dict(gradients)

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
