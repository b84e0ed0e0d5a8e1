"""What must hold: each law is a function from a trial to verdicts, and this is the list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..implementations.protocol import NESTINGS
from .agreement import agreement
from .convention import convention
from .cotangent_linearity import cotangent_linearity
from .forward_mode import adjointness, jvp
from .regimes import LITERAL
from .repeatability import inputs_intact, same_answer_twice
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
        jvp,
        adjointness,
        *HVP_LAWS.values(),
        hessian_symmetry,
        convention,
    )
}
"""The laws that look at one implementation, by name; ``agreement`` looks at several."""

NEEDS: dict[str, str] = {
    "jvp": "jvp",
    "adjointness": "jvp",
    **{law_name(nesting): f"hvp {nesting}" for nesting in NESTINGS},
    "hessian_symmetry": "hvp",
}
"""The ability that a law needs of a backend; any backend can be held to the others."""

LAW_NAMES: tuple[str, ...] = (*LAWS, agreement.__name__)


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


__all__ = ["LAWS", "LAW_NAMES", "NEEDS", "Law", "Trial", "Verdict", "agreement", "examine"]
