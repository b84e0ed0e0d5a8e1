"""An ability that is not claimed is tried once; its success is stale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance.commands.abilities import unclaimed
from gradient_conformance.commands.conduct import Row, conduct, failures
from gradient_conformance.commands.selection import Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import NESTINGS
from gradient_conformance.laws import NEEDS, laws_of


class Modest(NumPy):
    """Has the Hessian-vector product of square by every nesting, and claims the first."""

    name = "modest"
    nestings = NESTINGS[:1]

    def hvp(self, nesting: str, function: Any, arguments: Any, ybar: Any, tangents: Any) -> Any:
        return {name: 2 * ybar * v for name, v in tangents.items()}


class Honest(Modest):
    """The same, but the other nestings raise."""

    name = "honest"

    def hvp(self, nesting: str, function: Any, arguments: Any, ybar: Any, tangents: Any) -> Any:
        if nesting not in self.nestings:
            raise NotImplementedError(nesting)
        return super().hvp(nesting, function, arguments, ybar, tangents)


class OffByOne(Modest):
    """The other nestings answer, and are wrong."""

    name = "off_by_one"

    def hvp(self, nesting: str, function: Any, arguments: Any, ybar: Any, tangents: Any) -> Any:
        off = np.float64(nesting not in self.nestings)
        return {name: np.asarray(2 * ybar * v + off) for name, v in tangents.items()}


def second_order(adapter: type[NumPy]) -> list[Row]:
    """The rows of the laws on Hessian-vector products."""
    laws = ["hvp_reverse_over_reverse", "hvp_forward_over_reverse", "hessian_symmetry", "jvp"]
    backend = adapter()
    implementation = Implementation(backend, "native", "square", CATALOGUE["square"].forward)
    return conduct(
        Target(implementation, "float64", backend.name), select(backends=["numpy"], laws=laws)
    )


def outcomes(rows: list[Row]) -> dict[str, str]:
    return {row["law"]: row["verdict"] for row in rows}


def test_what_works_and_is_not_claimed_is_stale() -> None:
    rows = second_order(Modest)
    assert outcomes(rows) == {
        "hvp_reverse_over_reverse": "pass",
        "hessian_symmetry": "pass",
        "hvp_forward_over_reverse": "stale",
        "jvp": "unsupported",
    }
    (stale,) = failures(rows)
    assert "modest does not define 'hvp forward over reverse', and it works" in stale["message"]
    assert stale["message"].endswith("add 'forward over reverse' to its nestings")


def test_what_does_not_work_is_unsupported() -> None:
    for adapter in (Honest, OffByOne):
        rows = second_order(adapter)
        assert outcomes(rows)["hvp_forward_over_reverse"] == "unsupported"
        assert not failures(rows)


def test_nothing_claimed_and_nothing_there_is_unsupported() -> None:
    assert set(outcomes(second_order(NumPy)).values()) == {"unsupported"}


@pytest.mark.parametrize("identity", CATALOGUE)
def test_what_numpy_does_not_have_does_not_work_by_accident(identity: str) -> None:
    """At sizes of one a gradient is often 0, and the sum of two of them right whatever is asked."""
    implementation = Implementation(NumPy(), "native", identity, CATALOGUE[identity].forward)
    chosen = select(backends=["numpy"], profile="ci")
    for law in set(NEEDS) - set(laws_of(NumPy())):
        verdict, _ = unclaimed(Target(implementation, "float64", "numpy"), chosen, law)
        assert verdict == "unsupported", law
