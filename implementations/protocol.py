"""What an adapter is: NumPy arrays in, NumPy arrays out, gradients by argument name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, ClassVar

import numpy as np

Function = Callable[..., Any]

PROTOCOL = 1
"""The version of what stands here. It rises when an adapter that was right would be wrong."""

NESTINGS = (
    "reverse over reverse",
    "forward over reverse",
    "reverse over forward",
    "forward over forward",
)
"""The four ways to a Hessian-vector product by two modes of differentiation."""

ABILITIES = (
    "vjp",
    "jvp",
    "hvp",
    *(f"hvp {nesting}" for nesting in NESTINGS),
    "batched_vjp",
    "compiled_vjp",
    "accumulated_vjp",
)
"""What a backend computes, by the name of its method; ``"hvp"`` also by one nesting."""

LAYOUTS = ("transposed", "strided", "reversed", "offset", "expanded")
"""Ways in which the same numbers can lie in memory: the last axis varying slowest, every second
place, backwards, behind an empty place, and once for the whole first axis (stride 0)."""


class Backend:
    """A framework, or one way through a framework, that claims to compute gradients.

    Subclass it, set ``name`` and ``dtypes``, and define ``from_numpy``, ``to_numpy`` and ``vjp``.
    Everything else is optional: ``namespace`` gives the composed route (every identity's own
    forward, differentiated by the backend), ``native`` the backend's own primitives by the
    identity's name. An ability is claimed by defining its method: ``jvp``; ``hvp`` with the
    ``nestings`` that it knows; ``laid_out`` with the ``layouts`` that it knows; ``same_memory``,
    ``batched_vjp``, ``compiled_vjp``, ``accumulated_vjp``.

    ``protocol`` is the version of the protocol that an adapter was written for. ``own_process`` is
    for a framework that may end or hang the interpreter: the tests run in a process that is started
    again, and what ended it is reported as *crash*, or *timeout*, with the case.

    ``devices`` are those of this machine that it computes on, where it has a choice; ``device`` is
    the one that was asked for by name, and is set for the adapter. ``product_bits`` says where
    matrix products are less precise than the type.

    ``only_for`` names the one ability that a path of a framework is there for, where all else is
    as on another path: it is held to the laws that need that one, and tried only where it is named.
    """

    name: ClassVar[str] = ""
    dtypes: ClassVar[tuple[str, ...]] = ()
    native: ClassVar[Mapping[str, Function]] = {}
    nestings: ClassVar[tuple[str, ...]] = ()
    layouts: ClassVar[tuple[str, ...]] = ()
    only_for: ClassVar[str] = ""
    protocol: ClassVar[int] = PROTOCOL
    own_process: ClassVar[bool] = False
    device: str = ""

    @property
    def namespace(self) -> Any:
        """The array API namespace (with ``special.erf``), or None: no composed route."""
        return None

    @property
    def version(self) -> str:
        """The framework's version, for the report."""
        return "unknown"

    @property
    def itself(self) -> Backend:
        """The backend whose records hold: another one where this one only wraps it."""
        return self

    @property
    def devices(self) -> tuple[str, ...]:
        """Names of this machine's devices such as ``"cpu"`` and ``"cuda:0"``, the usual one first.

        What stands before the colon is the kind. Empty: there is no choice.
        """
        return ()

    def placed(self) -> AbstractContextManager[Any]:
        """While it is open, new arrays are on ``device``, and functions are computed there.

        Every call is made inside of it, where a device was named. Needed where there are
        ``devices``.
        """
        raise NotImplementedError(f"{type(self).__name__} has devices and does not define placed")

    def product_bits(self, dtype: str, primitive: str = "") -> int | None:
        """Bits of significand of the factors of matrix products, where fewer than the type's.

        11 where float32 arrays are multiplied in TF32, 8 in bfloat16; the products themselves are
        added in ``dtype``. None: those of the type. ``primitive`` is a key of ``native``, or empty
        for what the array namespace does.
        """
        return None

    def from_numpy(self, x: np.ndarray) -> Any:
        """A copy of a NumPy array (bfloat16 as ml_dtypes') as an array of the backend."""
        raise NotImplementedError(f"{type(self).__name__} does not define from_numpy")

    def to_numpy(self, x: Any) -> np.ndarray:
        """A copy of an array of the backend, with its own shape and type."""
        raise NotImplementedError(f"{type(self).__name__} does not define to_numpy")

    def vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, Mapping[str, Any]]:
        """Value of ``function(**arguments)`` and the gradients ȳ·∂/∂name, for the names in wrt.

        ``arguments`` are the backend's own arrays by name, ``ybar`` the cotangent, of the value's
        shape. Each gradient has its argument's shape and type; one that is zero is an array of
        zeros. What it raises is reported as the verdict *error*.
        The function object is the same for every case of one identity with one set of static
        parameters, so that a backend may compile it once per shape.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define vjp")

    def jvp(
        self, function: Function, arguments: Mapping[str, Any], tangents: Mapping[str, Any]
    ) -> tuple[Any, Any]:
        """Value of ``function(**arguments)`` and J v, its derivative along the tangents."""
        raise NotImplementedError(f"{type(self).__name__} does not define jvp")

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, Any],
        ybar: Any,
        tangents: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        """H v by argument, with H the Hessian of ⟨ȳ, function(**arguments)⟩ for the names in v.

        ``nesting`` is one of ``NESTINGS``: the outer mode over the inner one.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define hvp")

    def batched_vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, Mapping[str, Any]]:
        """As ``vjp`` for several points at once, by the framework's own batching (vmap).

        Arguments, cotangent, value and gradients have one more axis, in front.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define batched_vjp")

    def compiled_vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, Mapping[str, Any]]:
        """As ``vjp``, through the framework's compiler, where ``vjp`` does without."""
        raise NotImplementedError(f"{type(self).__name__} does not define compiled_vjp")

    def accumulated_vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, Mapping[str, Any]]:
        """As ``vjp`` in one call for each cotangent in ``ybar``, which has one more axis, in front.

        The gradients of all calls add up where the framework keeps them (PyTorch's ``.grad``).
        """
        raise NotImplementedError(f"{type(self).__name__} does not define accumulated_vjp")

    def laid_out(self, x: Any, layout: str) -> Any:
        """The numbers of an array in another layout, one of ``LAYOUTS``, as an array of its own.

        ``"expanded"`` is asked only of arrays that are the same all along their first axis.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define laid_out")

    def same_memory(self, x: Any) -> Any:
        """The array once more, as another argument would be handed it: the same memory."""
        raise NotImplementedError(f"{type(self).__name__} does not define same_memory")

    def missing(self, ability: str) -> str:
        """What an ability that is defined needs and this machine does not have; empty if nothing.

        A sentence for the report, such as "there is no C++ compiler".
        """
        return ""

    def can(self, ability: str) -> bool:
        """Whether an ability is claimed, by the name of its method, and what it needs is there.

        ``"hvp"`` may be followed by a nesting after a space. ``"namespace"`` is the ability to
        differentiate functions that are made of others.
        """
        if ability == "namespace":
            return self.namespace is not None
        method, _, nesting = ability.partition(" ")
        defined = getattr(type(self), method) is not getattr(Backend, method)
        known = not nesting or nesting in self.nestings
        return defined and known and not self.missing(method)
