"""A path that is there for one ability is held to the laws that need it, and to no other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance import verify_gradients
from gradient_conformance.commands.abilities import lacks
from gradient_conformance.commands.accuracy import accuracy_lines
from gradient_conformance.commands.conduct import conduct, conduct_agreement, failures
from gradient_conformance.commands.selection import Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws import LAW_NAMES, LAWS, concerns, laws_of

CHOSEN = select(backends=["numpy"], laws=LAW_NAMES, accuracy=2)


class Compiling(NumPy):
    """NumPy with a compiler that changes nothing."""

    name = "compiling"

    def compiled_vjp(self, function: Any, arguments: Any, wrt: Any, ybar: Any) -> Any:
        return self.vjp(function, arguments, wrt, ybar)


class CompilingOnly(Compiling):
    """The same, for the sake of its compiler, which is wrong; so is all else that it answers."""

    name = "compiling_only"
    only_for = "compiled_vjp"

    def vjp(self, function: Any, arguments: Any, wrt: Any, ybar: Any) -> Any:
        value, gradients = super().vjp(function, arguments, wrt, ybar)
        return value, {name: -g for name, g in gradients.items()}

    def compiled_vjp(self, function: Any, arguments: Any, wrt: Any, ybar: Any) -> Any:
        return super().vjp(function, arguments, wrt, ybar)


class WithoutCompiler(CompilingOnly):
    """The same on a machine that has no compiler."""

    def missing(self, ability: str) -> str:
        return "there is no compiler" if ability == "compiled_vjp" else ""

    def compiled_vjp(self, function: Any, arguments: Any, wrt: Any, ybar: Any) -> Any:
        raise FileNotFoundError("cc")


def target(adapter: type[NumPy]) -> Target:
    backend = adapter()
    implementation = Implementation(backend, "native", "square", CATALOGUE["square"].forward)
    return Target(implementation, "float64", backend.name)


def test_it_is_held_to_the_laws_of_that_ability_alone() -> None:
    assert laws_of(CompilingOnly()) == ["compiled_equals_eager"]
    assert [law for law in LAW_NAMES if concerns(law, CompilingOnly())] == laws_of(CompilingOnly())
    assert {row["law"] for row in conduct(target(CompilingOnly), CHOSEN)} == set(
        laws_of(CompilingOnly())
    )


def test_it_fails_that_law_where_it_breaks_it() -> None:
    rows = conduct(target(CompilingOnly), CHOSEN)
    assert {row["verdict"] for row in failures(rows)} == {"wrong"}


def test_another_is_held_to_all() -> None:
    assert all(concerns(law, Compiling()) for law in LAW_NAMES)
    rows = conduct(target(Compiling), CHOSEN)
    # The square has no kink, and one argument.
    assert {row["law"] for row in rows} == set(LAWS) - {"convention", "same_array_twice"}
    assert not failures(rows)


@pytest.mark.parametrize(("adapter", "measured"), [(Compiling, True), (CompilingOnly, False)])
def test_its_accuracy_is_not_measured(adapter: type[NumPy], measured: bool) -> None:
    assert bool(accuracy_lines(target(adapter), CHOSEN)) == measured


@pytest.mark.parametrize(("adapter", "votes"), [(Compiling, True), (CompilingOnly, False)])
def test_it_has_no_vote_on_agreement(adapter: type[NumPy], votes: bool) -> None:
    rows = conduct_agreement([target(NumPy), target(adapter)], CHOSEN)
    assert (adapter.name in {row["backend"] for row in rows}) == votes


def test_what_the_machine_lacks_is_told_and_makes_it_unsupported() -> None:
    assert not WithoutCompiler().can("compiled_vjp")
    assert CompilingOnly().can("compiled_vjp")
    assert laws_of(WithoutCompiler()) == []
    rows = conduct(target(WithoutCompiler), CHOSEN)
    assert [(row["law"], row["verdict"], row["message"]) for row in rows] == [
        ("compiled_equals_eager", "unsupported", "there is no compiler")
    ]


def test_what_is_said_to_lack_and_works_is_stale() -> None:
    class Mistaken(Compiling):
        def missing(self, ability: str) -> str:
            return WithoutCompiler().missing(ability)

    rows = conduct(target(Mistaken), CHOSEN)
    (stale,) = failures(rows)
    assert (stale["law"], stale["verdict"]) == ("compiled_equals_eager", "stale")


def test_an_ability_that_is_not_defined_is_told_as_before() -> None:
    assert lacks(WithoutCompiler(), "jvp") == "compiling_only does not define 'jvp'"


def test_gradients_of_ones_own_are_not_verified_by_it() -> None:
    """They would be those of another path, under its name."""
    with pytest.raises(ValueError, match="compiling_only is there for compiled_vjp alone"):
        verify_gradients("square", {"X": np.ones(2)}, backend=CompilingOnly())
    assert verify_gradients("square", {"X": np.ones(2)}, backend=Compiling())
