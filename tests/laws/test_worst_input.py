"""The search for the worst input: it keeps the worst of each, and climbs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from gradient_conformance.laws.accuracy import Loss, digits_lost
from gradient_conformance.laws.cases import Case, parse
from gradient_conformance.laws.strategies import PROFILES, fixed_cases
from gradient_conformance.laws.trial import NoAnswer
from gradient_conformance.laws.worst_input import Worst, climbing_cases, worst_inputs
from gradient_conformance.tests.implementations.broken import Cancelling
from gradient_conformance.tests.laws.trials import trial

SMOKE = PROFILES["smoke"]
DRAWN = climbing_cases("sigmoid", "float32", SMOKE)


def fixed(seed: int = 0) -> list[Case]:
    return fixed_cases("sigmoid", "float32", SMOKE, seed)


def cancelling(case: Case) -> list[Loss]:
    """What the lossy adapter loses."""
    return list(digits_lost(trial(Cancelling, "sigmoid", case.line(), "float32")))


def searched(examples: int, seed: int = 0) -> Worst:
    return worst_inputs(cancelling, fixed(seed)[:2], DRAWN, examples, seed)


def hill(case: Case) -> Iterator[Loss]:
    """The nearer an entry and its cotangent to (−33.3, 31.7), the more it loses, to 80 digits."""
    z, ybar = (np.asarray(x, np.float64) for x in (case.arguments()["z"], case.cotangent()))
    if z.size:
        away = float(np.hypot(z + 33.3, ybar - 31.7).min())
        yield Loss("z", max(0.0, 80 - away), 80.0, (0,), 0.0, 0.0)


def test_what_it_finds_is_no_better_than_the_fixed_layer_and_can_be_worse() -> None:
    before, after = searched(0)["z"], searched(60)["z"]
    assert after[0].lost > before[0].lost
    (again,) = (loss for loss in cancelling(after[1]) if loss.wrt == "z")
    assert again == after[0]


def test_it_climbs() -> None:
    """Of seven searches the one in the middle comes to 1.7; by drawing alone it is 12 away."""
    found = [worst_inputs(hill, [], DRAWN, 300, seed)["z"][0].lost for seed in range(7)]
    assert 80 - sorted(found)[3] < 5


@pytest.mark.parametrize("examples", [0, 7])
def test_the_first_cases_come_first_and_no_more_than_asked_for(examples: int) -> None:
    asked: list[Case] = []

    def measure(case: Case) -> list[Loss]:
        asked.append(case)
        return []

    assert worst_inputs(measure, fixed(), DRAWN, examples, 0) == {}
    assert asked[: len(fixed())] == fixed()
    assert len(asked) == len(fixed()) + examples


def test_one_seed_gives_one_search() -> None:
    def asked(seed: int) -> list[Case]:
        drawn: list[Case] = []

        def measure(case: Case) -> list[Loss]:
            drawn.append(case)
            return []

        worst_inputs(measure, [], DRAWN, 9, seed)
        return drawn

    assert asked(5) == asked(5) != asked(6)


def test_of_equal_losses_the_smaller_case_is_kept() -> None:
    cases = [parse("sigmoid", "float32", f"...={n}") for n in (3, 1, 2)]
    found = worst_inputs(lambda case: [Loss("z", 1.0, 2.0, (0,), 0.0, 0.0)], cases, DRAWN, 0, 0)
    assert found["z"][1] == cases[1]


@pytest.mark.parametrize(("outcome", "asked"), [("error", 17), ("timeout", 1)])
def test_no_answer_says_nothing_and_a_timeout_ends_it(outcome: str, asked: int) -> None:
    count: list[Case] = []

    def measure(case: Case) -> list[Loss]:
        count.append(case)
        raise NoAnswer(outcome, "none")

    assert worst_inputs(measure, fixed(), DRAWN, 10, 0) == {}
    assert len(count) == asked
