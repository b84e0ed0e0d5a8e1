"""What must hold: each law is a function from a trial to verdicts, and this is the list of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from ..implementations.protocol import NESTINGS, Backend
from .agreement import agreement
from .batching import batched_equals_looped
from .cases import Case
from .chain_rule import chain_rule
from .compiling import compiled_equals_eager
from .convention import convention
from .cotangent_linearity import cotangent_linearity
from .facts import facts
from .forward_mode import adjointness, jvp
from .layout import layout_independent
from .regimes import LITERAL
from .repeatability import inputs_intact, same_answer_twice
from .same_array import accumulation, gradients_add, same_array_twice
from .second_order import HVP_LAWS, hessian_symmetry, law_name
from .shape_and_dtype import shape_and_dtype
from .trial import NoAnswer, Trial
from .value_and_gradient import gradient, value
from .verdicts import Verdict

Law = Callable[[Trial], Iterator[Verdict]]

LAWS: dict[str, Law] = {
    law.__name__: law
    for law in (
        shape_and_dtype,
        value,
        gradient,
        inputs_intact,
        same_answer_twice,
        cotangent_linearity,
        facts,
        jvp,
        adjointness,
        *HVP_LAWS.values(),
        hessian_symmetry,
        batched_equals_looped,
        compiled_equals_eager,
        layout_independent,
        same_array_twice,
        gradients_add,
        accumulation,
        chain_rule,
        convention,
    )
}
"""The laws that look at one implementation, by name; ``agreement`` looks at several."""

NEEDS: dict[str, str] = {
    "jvp": "jvp",
    "adjointness": "jvp",
    **{law_name(nesting): f"hvp {nesting}" for nesting in NESTINGS},
    "hessian_symmetry": "hvp",
    "batched_equals_looped": "batched_vjp",
    "compiled_equals_eager": "compiled_vjp",
    "layout_independent": "laid_out",
    "same_array_twice": "same_memory",
    "gradients_add": "namespace",
    "accumulation": "accumulated_vjp",
    "chain_rule": "namespace",
}
"""The ability that a law needs of a backend; any backend can be held to the others."""

ONE_IN: dict[str, int] = {
    "batched_equals_looped": 6,
    "compiled_equals_eager": 3,
    "layout_independent": 3,
    "same_array_twice": 3,
    "gradients_add": 6,
    "accumulation": 3,
    "chain_rule": 6,
}
"""The laws that ask a question in several ways: a search tries them on one case in so many.

They cost several calls each, and those that are tried least a compiled function for each shape.
"""

LAW_NAMES: tuple[str, ...] = (*LAWS, agreement.__name__)

QUICK_LAWS: tuple[str, ...] = tuple(law for law in LAW_NAMES if law not in {*NEEDS, *ONE_IN})
"""The laws that one call answers, or the same call again: those of every profile."""


def concerns(law: str, backend: Backend) -> bool:
    """Whether a backend is to be held to a law: but for one that is there for one ability, any."""
    return not backend.only_for or NEEDS.get(law) == backend.only_for


def laws_of(backend: Backend) -> list[str]:
    """The laws that a backend can be held to, by what it is there for and what it defines."""
    return [
        law
        for law in LAWS
        if concerns(law, backend) and (law not in NEEDS or backend.can(NEEDS[law]))
    ]


def due(laws: Iterable[str], case: Case, costly: Collection[Any] | None = None) -> list[str]:
    """Of these laws those that a search tries on a case.

    Those of ``NEEDS`` at the ``costly`` sizes; where that is None at all sizes, and those of
    ``ONE_IN`` by the case's seed: a failure shrinks towards seed 0, at which all are tried.
    """
    if costly is not None:
        return [name for name in laws if name not in NEEDS or case.sizes in costly]
    return [name for name in laws if case.seed % ONE_IN.get(name, 1) == 0]


def examine(trial: Trial, laws: Iterable[str]) -> list[Verdict]:
    """Hold a trial to the laws of these names, keys of ``LAWS``; each gives a verdict or more.

    A point of the conventions may lie outside the domain that the other laws hold to: of a case
    that is literal, only the law of conventions speaks, and it of no other case.
    An implementation that gives no answer gets a verdict from every law, none of them a pass.
    Raises KeyError where there is no law of that name.
    """
    verdicts: list[Verdict] = []
    for name in laws:
        if (name == convention.__name__) != (trial.case.regime == LITERAL):
            continue
        try:
            verdicts.extend(LAWS[name](trial))
        except NoAnswer as reason:
            verdicts.append(Verdict(name, None, reason.outcome, message=str(reason)))
    return verdicts


__all__ = [
    "LAWS",
    "LAW_NAMES",
    "NEEDS",
    "QUICK_LAWS",
    "Law",
    "Trial",
    "Verdict",
    "agreement",
    "concerns",
    "due",
    "examine",
    "laws_of",
]
