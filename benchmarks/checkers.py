"""The gradient checkers, each on a function of its own framework with the same backward function.

A checker makes a function of a backward function (``function``), or takes the framework's own
(``own``), and checks it at a point: the answer is what it complains of, or nothing.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from typing import Any

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")  # before JAX starts

import jax
import jax.numpy as jnp
import jax.test_util
import numpy as np
import torch
from torch.autograd.function import once_differentiable

from ..implementations.implementation import Implementation
from ..implementations.jax import Jax
from ..implementations.torch import Torch
from ..laws import QUICK_LAWS, Trial, examine
from ..laws.cases import Case, forget
from .subjects import Backward, Subject

Function = Callable[..., Any]

COMPOSED_IN_JAX = ("attention",)
"""Where JAX's own primitive is wrong in float64, as recorded: there its array operations stand."""


class Checker:
    """A gradient checker; ``told`` are its settings, ``undecided`` counts what it cannot tell."""

    name: str
    title: str
    told: str
    undecided = 0

    def own(self, subject: Subject) -> Function:
        """The framework's own function, differentiated by the framework."""
        raise NotImplementedError

    def function(self, subject: Subject, backward: Backward) -> Function:
        """The framework's own function with this backward function, which may be wrong."""
        raise NotImplementedError

    def prepared(self, function: Function, case: Case) -> Callable[[], str]:
        """The check of a function at a point, arrays in place; empty is what it finds right."""
        raise NotImplementedError

    def check(self, function: Function, case: Case) -> str:
        """What it complains of; an error on the way is a complaint as well."""
        try:
            return self.prepared(function, case)()
        except Exception as raised:
            return f"{type(raised).__name__}: {raised}"


def torch_own(subject: Subject) -> Function:
    """PyTorch's own function of the arguments in order."""
    native = Torch.native[subject.identity]
    return lambda *x: native(**dict(zip(subject.names, x, strict=True)), **dict(subject.static))


def torch_function(subject: Subject, backward: Backward) -> Function:
    """A ``torch.autograd.Function``: PyTorch's own forward, and this backward function."""
    own = torch_own(subject)

    class Pair(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *x: torch.Tensor) -> torch.Tensor:
            ctx.save_for_backward(*x)
            return own(*x)

        @staticmethod
        @once_differentiable  # type: ignore[untyped-decorator]
        def backward(ctx: Any, ybar: torch.Tensor) -> tuple[torch.Tensor, ...]:
            saved = [x.detach().numpy() for x in ctx.saved_tensors]
            return tuple(torch.tensor(g) for g in backward(saved, ybar.numpy()))

    apply: Function = Pair.apply
    return apply


class Gradcheck(Checker):
    """``torch.autograd.gradcheck``; settings that are not given are its defaults."""

    def __init__(self, name: str, title: str, **settings: Any) -> None:
        self.name, self.title, self.settings = name, title, settings
        self.told = ", ".join(f"{k}={v!r}" for k, v in settings.items()) or "defaults"

    def own(self, subject: Subject) -> Function:
        return torch_own(subject)

    def function(self, subject: Subject, backward: Backward) -> Function:
        return torch_function(subject, backward)

    def prepared(self, function: Function, case: Case) -> Callable[[], str]:
        inputs = [torch.tensor(x, requires_grad=True) for x in case.arguments().values()]

        def check() -> str:
            torch.manual_seed(0)
            torch.autograd.gradcheck(function, inputs, **self.settings)
            return ""

        return check


@functools.cache
def jax_own(subject: Subject) -> Function:
    """JAX's own function of the arguments in order, compiled."""
    route = "composed" if subject.identity in COMPOSED_IN_JAX else "native"
    i = Implementation(Jax(), route, subject.identity, subject.declared.forward)
    function = i.function(dict(subject.static))
    return jax.jit(lambda *x: function(**dict(zip(subject.names, x, strict=True))))


def jax_function(subject: Subject, backward: Backward) -> Function:
    """A ``jax.custom_vjp``: JAX's own forward, and this backward function."""
    own = jax_own(subject)
    pair = jax.custom_vjp(own)

    def pulled_back(x: Sequence[Any], ybar: Any) -> tuple[jax.Array, ...]:
        gradients = backward([np.array(a) for a in x], np.array(ybar))
        return tuple(jnp.asarray(g) for g in gradients)

    pair.defvjp(lambda *x: (own(*x), x), pulled_back)
    return pair


class CheckGrads(Checker):
    """``jax.test_util.check_grads`` in reverse mode; other settings as given, or its defaults."""

    def __init__(self, name: str, title: str, **settings: Any) -> None:
        self.name, self.title, self.settings = name, title, settings
        self.told = ", ".join(f"{k}={v!r}" for k, v in settings.items()) or "defaults"

    def own(self, subject: Subject) -> Function:
        return jax_own(subject)

    def function(self, subject: Subject, backward: Backward) -> Function:
        return jax_function(subject, backward)

    def prepared(self, function: Function, case: Case) -> Callable[[], str]:
        inputs = tuple(case.arguments().values())

        def check() -> str:
            with jax.enable_x64(True):
                given = tuple(jnp.asarray(x) for x in inputs)
                jax.test_util.check_grads(function, given, 1, modes=["rev"], **self.settings)
            return ""

        return check


class Suite(Checker):
    """Laws of this suite that look at a single implementation, on a PyTorch function."""

    def __init__(self, name: str, title: str, laws: Sequence[str]) -> None:
        self.name, self.title, self.laws = name, title, laws
        self.told = ", ".join(laws)

    def own(self, subject: Subject) -> Function:
        return torch_own(subject)

    def function(self, subject: Subject, backward: Backward) -> Function:
        return torch_function(subject, backward)

    def prepared(self, function: Function, case: Case) -> Callable[[], str]:
        implementation = _implementation(function, case.identity)
        case.arguments(), case.cotangent()

        def check() -> str:
            forget()  # the exact answer and its tolerance are part of the check
            verdicts = examine(Trial(implementation, case), self.laws)
            self.undecided += any(v.outcome == "undecided" for v in verdicts)
            failed = [v for v in verdicts if v.failed]
            return f"{failed[0].law}: {failed[0].message}" if failed else ""

        return check


class Wrapped(Torch):
    """PyTorch, with one function of its own in place of what it offers."""

    def __init__(self, native: dict[str, Function]) -> None:
        self.native = native  # type: ignore[misc]


@functools.lru_cache(maxsize=1)
def _implementation(function: Function, identity: str) -> Implementation:
    """The function as a native implementation; its static parameters are in it already."""
    from ..identities import CATALOGUE

    def native(**given: Any) -> Any:
        return function(*(given[name] for name in CATALOGUE[identity].gradients))

    forward = CATALOGUE[identity].forward
    return Implementation(Wrapped({identity: native}), "native", identity, forward)


ALONE = ("agreement", "convention")
"""The quick laws that look at several implementations, or at conventions only."""

SUITE_LAWS = tuple(law for law in QUICK_LAWS if law not in ALONE)


TWO_LAWS = ("gradient", "same_answer_twice")
"""What gradcheck asks as well: whether the gradient is right, and the same when asked again."""


def checkers() -> list[Checker]:
    """All of them, each with its own defaults; the first is what times are compared with."""
    return [
        Gradcheck("gradcheck_slow", "gradcheck, slow mode"),
        Gradcheck("gradcheck_fast", "gradcheck, fast mode", fast_mode=True),
        CheckGrads("check_grads", "jax check_grads, reverse mode"),
        Suite("suite", "this suite, the quick laws", SUITE_LAWS),
        Suite("suite_two_laws", "this suite, two laws", TWO_LAWS),
    ]


OTHER_STEPS = (1e-4, 1e-3)
"""Steps of the differences that are tried where the default one gives false alarms."""


def with_other_step(checker: Checker) -> list[Checker]:
    """The checker with each of the other steps, and tolerances as they are."""
    if not isinstance(checker, Gradcheck | CheckGrads):
        return []
    return [
        type(checker)(
            f"{checker.name}_other_step",
            f"{checker.title}, step {step:g}",
            **{**checker.settings, "eps": step},
        )
        for step in OTHER_STEPS
    ]
