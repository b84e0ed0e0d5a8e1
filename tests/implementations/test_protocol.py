"""The protocol: what is optional has a default, what is not says that it is missing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import gradient_conformance
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws import Trial, examine, laws_of
from gradient_conformance.laws.cases import parse


def test_it_is_public() -> None:
    assert gradient_conformance.Backend is Backend


def test_the_defaults_claim_nothing() -> None:
    backend = Backend()
    assert backend.name == ""
    assert backend.dtypes == ()
    assert backend.native == {}
    assert backend.namespace is None
    assert backend.version == "unknown"


class Half(Backend):
    """Defines none of the three methods."""

    name = "half"


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("from_numpy", lambda b: b.from_numpy(np.zeros(2))),
        ("to_numpy", lambda b: b.to_numpy([0.0])),
        ("vjp", lambda b: b.vjp(np.dot, {}, (), None)),
    ],
)
def test_a_method_that_is_missing_is_named(method: str, call: Callable[[Backend], object]) -> None:
    with pytest.raises(NotImplementedError, match=f"^Half does not define {method}$"):
        call(Half())


class Listed(Backend):
    """The smallest backend that there is: nested lists for arrays, one primitive."""

    name = "listed"
    dtypes = ("float64",)
    native = {"squared_norm": lambda x: sum(a * a for a in x)}  # noqa: RUF012
    slope = 2.0

    def from_numpy(self, x):
        return Numbers(x.ravel().tolist())

    def to_numpy(self, x):
        return np.array(x[0] if isinstance(x, Scalar) else list(x))

    def vjp(self, function, arguments, wrt, ybar):
        x = arguments["x"]
        return Scalar([function(x)]), {"x": Numbers([self.slope * a * ybar[0] for a in x])}


class Numbers(list):
    """Some numbers."""


class Scalar(Numbers):
    """One number."""


class Slanted(Listed):
    """The same with another factor."""

    name = "slanted"
    slope = 3.0


@pytest.mark.parametrize(("adapter", "says"), [(Listed, "pass"), (Slanted, "wrong")])
def test_three_methods_are_enough_to_be_judged(adapter: type[Backend], says: str) -> None:
    forward = CATALOGUE["squared_norm"].forward
    implementation = Implementation(adapter(), "native", "squared_norm", forward)
    case = parse("squared_norm", "float64", "n=4 seed=1")
    outcomes = {v.law: v.outcome for v in examine(Trial(implementation, case), laws_of(adapter()))}
    assert outcomes.pop("gradient") == says
    # Of a cotangent that is a scalar this backend makes a list of one number.
    assert outcomes.pop("inputs_intact") == "wrong"
    assert set(outcomes.values()) == {"pass"}
