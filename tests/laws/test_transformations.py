"""The laws that ask one question in several ways: each catches an adapter that breaks just it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance.commands.conduct import conduct
from gradient_conformance.commands.selection import Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.loading import NotInstalled, load
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws import LAWS, NEEDS, ONE_IN, due, examine, laws_of
from gradient_conformance.laws.cases import parse
from gradient_conformance.laws.layout import layout_independent
from gradient_conformance.laws.strategies import PROFILES, costly_sizes, fixed_cases
from gradient_conformance.laws.ties import tied
from gradient_conformance.laws.trial import Trial
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.laws.trials import trial

SQUARES = "m=3 n=2 seed=1"


class Able(NumPy):
    """NumPy with every ability that can be had without a framework: one by one."""

    name = "able"

    def batched_vjp(self, function, arguments, wrt, ybar):
        points = range(len(ybar))
        answers = [
            self.vjp(function, {n: x[i] for n, x in arguments.items()}, wrt, ybar[i])
            for i in points
        ]
        return np.stack([v for v, _ in answers]), {
            n: np.stack([g[n] for _, g in answers]) for n in wrt
        }

    def compiled_vjp(self, function, arguments, wrt, ybar):
        return self.vjp(function, arguments, wrt, ybar)

    def accumulated_vjp(self, function, arguments, wrt, ybar):
        total: dict[str, Any] = dict.fromkeys(wrt, 0)
        for cotangent in ybar:
            value, gradients = self.vjp(function, arguments, wrt, cotangent)
            total = {n: np.asarray(total[n] + gradients[n]) for n in wrt}
        return value, total


class FirstPointForAll(Able):
    """The batch's first cotangent is used for every point."""

    def batched_vjp(self, function, arguments, wrt, ybar):
        return super().batched_vjp(function, arguments, wrt, np.stack([ybar[0]] * len(ybar)))


class SummedOverTheBatch(Able):
    """The gradient for what looks like a weight is summed over the batch."""

    def batched_vjp(self, function, arguments, wrt, ybar):
        value, gradients = super().batched_vjp(function, arguments, wrt, ybar)
        return value, {**gradients, "A": gradients["A"].sum(axis=0)}


class FastMath(Able):
    """The compiled function is a little off."""

    def compiled_vjp(self, function, arguments, wrt, ybar):
        value, gradients = super().compiled_vjp(function, arguments, wrt, ybar)
        return value, {n: g * (1 + 1e-9) for n, g in gradients.items()}


class BlindToStrides(Able):
    """Reads matrices in the order in which they lie in memory."""

    def vjp(self, function, arguments, wrt, ybar):
        read = {n: x.ravel("K").reshape(x.shape) for n, x in arguments.items()}
        return super().vjp(function, read, wrt, ybar)


class WritesWhatIsStrided(Able):
    """Reads through a buffer where memory is not dense, and leaves it scaled."""

    def vjp(self, function, arguments, wrt, ybar):
        answer = super().vjp(function, arguments, wrt, ybar)
        for x in arguments.values():
            if x.flags.writeable and not x.flags.forc:
                x *= 2
        return answer


class OneLeaf(Able):
    """Arguments that are one object are one leaf, which has the sum of the gradients."""

    def vjp(self, function, arguments, wrt, ybar):
        value, gradients = super().vjp(function, arguments, wrt, ybar)
        same = {n: [m for m in wrt if arguments[m] is arguments[n]] for n in wrt}
        return value, {n: sum(gradients[m] for m in same[n]) for n in wrt}


class Overwrites(Able):
    """A second call replaces what the first one left."""

    def accumulated_vjp(self, function, arguments, wrt, ybar):
        return super().accumulated_vjp(function, arguments, wrt, ybar[1:])


def failing(asked: Trial) -> set[str]:
    """The laws, of those that the backend can be held to, that fail."""
    found = examine(asked, laws_of(asked.implementation.backend))
    return {verdict.law for verdict in found if verdict.failed}


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize(
    ("identity", "line"),
    [
        ("least_squares", SQUARES),
        ("matrix_product", "n=2 m=3 k=4 seed=1"),
        ("hadamard_product", "m=3 n=2 seed=2"),
        ("softmax_cross_entropy", "...=2 n=3 seed=1"),
        ("relu", "...=4 seed=1 z[0]=0.0"),
        ("embedding", "v=3 d=2 k=4 seed=1"),
    ],
)
def test_all_of_them_hold(identity: str, line: str, dtype: str) -> None:
    assert failing(trial(Able, identity, line, dtype)) == set()


@pytest.mark.parametrize(
    ("adapter", "law", "identity", "line"),
    [
        (FirstPointForAll, "batched_equals_looped", "least_squares", SQUARES),
        (SummedOverTheBatch, "batched_equals_looped", "least_squares", SQUARES),
        (FastMath, "compiled_equals_eager", "least_squares", SQUARES),
        (BlindToStrides, "layout_independent", "least_squares", SQUARES),
        (WritesWhatIsStrided, "layout_independent", "least_squares", SQUARES),
        (OneLeaf, "same_array_twice", "hadamard_product", "m=3 n=2 seed=2"),
        (OneLeaf, "same_array_twice", "matrix_product", "n=2 m=3 k=4 seed=1"),
        (Overwrites, "accumulation", "least_squares", SQUARES),
    ],
)
def test_what_breaks_one_of_them_fails_that_one_only(
    adapter: type[Backend], law: str, identity: str, line: str
) -> None:
    assert failing(trial(adapter, identity, line)) == {law}


def test_the_message_says_which_layout() -> None:
    found = list(layout_independent(trial(BlindToStrides, "least_squares", SQUARES)))
    worst = next(v for v in found if v.failed)
    assert worst.message.startswith("the value from transposed arrays, from that of dense ones,")
    found = list(layout_independent(trial(WritesWhatIsStrided, "least_squares", SQUARES)))
    assert Verdict(
        "layout_independent",
        None,
        "wrong",
        message="the call changed its input A, x, b, which is strided in memory",
    ) in [v for v in found if v.failed]


def of_torch(adapter: type[Backend], identity: str, line: str) -> Trial:
    implementation = Implementation(adapter(), "composed", identity, CATALOGUE[identity].forward)
    return Trial(implementation, parse(identity, "float64", line))


@pytest.fixture
def torch_adapter() -> type[Backend]:
    try:
        return type(load("torch"))
    except NotInstalled as absent:
        pytest.skip(str(absent))


def failing_of_ours(asked: Trial) -> set[str]:
    laws = [law for law in laws_of(asked.implementation.backend) if law in ONE_IN]
    return {verdict.law for verdict in examine(asked, laws) if verdict.failed}


def test_a_gradient_of_one_use_only_is_not_the_sum(torch_adapter: type[Backend]) -> None:
    class OneUse(torch_adapter):  # type: ignore[misc,valid-type]
        def vjp(self, function, arguments, wrt, ybar):
            value, gradients = super().vjp(function, arguments, wrt, ybar)
            return value, {n: g / (2 if len(arguments) == 1 else 1) for n, g in gradients.items()}

    line = "m=3 n=2 seed=2"
    assert failing_of_ours(of_torch(torch_adapter, "hadamard_product", line)) == set()
    assert failing_of_ours(of_torch(OneUse, "hadamard_product", line)) == {"gradients_add"}


def test_a_map_before_the_function_that_is_left_out_breaks_the_chain_rule(
    torch_adapter: type[Backend],
) -> None:
    class LeavesOutTheInnerMap(torch_adapter):  # type: ignore[misc,valid-type]
        def vjp(self, function, arguments, wrt, ybar):
            scales = {n: arguments.get(f"scale of {n}") for n in wrt}
            value, gradients = super().vjp(function, arguments, wrt, ybar)
            return value, {
                n: g if scales[n] is None else g / scales[n].flip(*[range(g.ndim)])
                for n, g in gradients.items()
            }

    line = "m=3 n=2 seed=1"
    assert failing_of_ours(of_torch(torch_adapter, "least_squares", line)) == set()
    assert failing_of_ours(of_torch(LeavesOutTheInnerMap, "least_squares", line)) == {"chain_rule"}


def test_two_arguments_become_one_where_sizes_and_domains_allow_it() -> None:
    square = tied(trial(NumPy, "matrix_product", "n=2 m=3 k=4 seed=1"))
    assert square is not None
    assert (square.first, square.second) == ("X", "W")
    assert {x.shape for x in square.trial.arguments.values()} == {(2, 2)}
    X, W = square.trial.arguments.values()
    assert np.array_equal(X, W)
    assert not np.shares_memory(X, W)  # the law decides who shares memory
    assert tied(trial(NumPy, "relu", "...=4")) is None
    targets = tied(trial(NumPy, "softmax_cross_entropy", "...=2 n=3 seed=1"))
    assert targets is not None  # scores may be probabilities, not the other way round
    assert np.allclose(targets.trial.arguments["z"].sum(axis=-1), 1)


def test_a_search_tries_them_on_some_cases_and_always_at_seed_zero() -> None:
    cases = [parse("relu", "float64", f"...=2 seed={seed}") for seed in range(12)]
    tried = {law: [c.seed for c in cases if law in due(LAWS, c)] for law in LAWS}
    assert tried["gradient"] == list(range(12))
    assert tried["layout_independent"] == [0, 3, 6, 9]
    assert tried["chain_rule"] == [0, 6]
    assert set(ONE_IN) <= set(NEEDS)


def test_a_search_that_compiles_little_tries_them_at_a_few_sizes_and_there_always() -> None:
    for identity in CATALOGUE:
        chosen = costly_sizes(identity, PROFILES["ci"])
        assert chosen
        tried = [
            case
            for case in fixed_cases(identity, "float64", PROFILES["ci"], 0)
            if "chain_rule" in due(LAWS, case, chosen)
        ]
        assert len(tried) >= 2, identity
        assert {c.sizes for c in tried} <= chosen
    assert costly_sizes("relu", PROFILES["ci"]) == frozenset(
        {parse("relu", "float64", "...=2x3").sizes}
    )
    elsewhere = parse("relu", "float64", "...=2 seed=0")
    assert set(due(LAWS, elsewhere, costly_sizes("relu", PROFILES["ci"]))) == set(LAWS) - set(NEEDS)
    assert costly_sizes("relu", PROFILES["thorough"]) is None
    assert not costly_sizes("relu", PROFILES["smoke"])


@pytest.mark.parametrize(
    ("adapter", "law"),
    [(FastMath, "compiled_equals_eager"), (broken.IgnoresCotangent, "cotangent_linearity")],
)
def test_a_failure_shows_the_two_answers_that_differ(adapter: type, law: str) -> None:
    implementation = Implementation(
        adapter(), "native", "least_squares", CATALOGUE["least_squares"].forward
    )
    chosen = select(
        backends=["numpy"], laws=[law], case="m=3 n=2 seed=1", identities=["least_squares"]
    )
    rows = conduct(Target(implementation, "float64", "numpy"), chosen)
    failed = [row for row in rows if row["verdict"] in ("wrong", "imprecise")]
    assert failed
    for row in failed:
        seen, wanted, allowed = (
            np.array(row["shown"][part]) for part in ("observed", "expected", "tolerance")
        )
        assert np.any(np.abs(seen - wanted) > allowed)
        assert row["shown"]["arguments"]
