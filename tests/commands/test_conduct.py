"""What is recorded about a backend is held to the truth: known, unsupported, stale."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import pytest

from gradient_conformance.commands import conduct as module
from gradient_conformance.commands import undecided as undecided_laws
from gradient_conformance.commands.conduct import Row, conduct, conduct_agreement, failures
from gradient_conformance.commands.selection import Selection, Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.declared import Declared, Deviation, Unsupported
from gradient_conformance.implementations.devices import on_device
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws import Trial, examine
from gradient_conformance.laws.cases import parse
from gradient_conformance.laws.strategies import plain_cases
from gradient_conformance.laws.tally import Tally
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.implementations.test_devices import Several

SMOKE = select(backends=["numpy"], profile="smoke")


def target(
    adapter: Callable[[], Backend], identity: str = "square", dtype: str = "float64"
) -> Target:
    """One identity on one adapter."""
    backend = adapter()
    forward = CATALOGUE[identity].forward
    return Target(Implementation(backend, "native", identity, forward), dtype, backend.name)


def verdicts(rows: list[Row], law: str) -> set[str]:
    """The verdicts of one law."""
    return {row["verdict"] for row in rows if row["law"] == law}


def deviation(**changes: object) -> Deviation:
    """A record that the gradient of square is off by a billionth."""
    fields: dict = {
        "identity": "square",
        "routes": ("native",),
        "dtypes": ("float64",),
        "laws": ("gradient", "cotangent_linearity", "facts"),
        "versions": ">=1",
        "reason": "off by a billionth",
        "issue": "",
        "witness": "...=3 regime=ordinary seed=0",
    }
    return Deviation(**{**fields, **changes})


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch):
    """Put records in place of the files'."""

    def put(*deviations: Deviation, unsupported: tuple[Unsupported, ...] = ()) -> None:
        monkeypatch.setattr(module, "records_of", lambda backend: Declared(deviations, unsupported))

    return put


def test_a_recorded_deviation_is_known_and_the_run_conforms(record) -> None:
    record(deviation(issue="https://example.org/7"))
    rows = conduct(target(broken.ScaledByBillionth), SMOKE)
    assert not failures(rows)
    assert verdicts(rows, "gradient") == {"known"}
    told = {(row["message"], row["issue"]) for row in rows if row["verdict"] == "known"}
    assert told == {("off by a billionth", "https://example.org/7")}
    assert verdicts(rows, "value") == {"pass"}


def test_without_the_record_the_same_adapter_fails(record) -> None:
    record()
    assert verdicts(conduct(target(broken.ScaledByBillionth), SMOKE), "gradient") == {"imprecise"}


def test_a_record_covers_no_other_law(record) -> None:
    record(deviation(laws=("cotangent_linearity",)))
    assert verdicts(conduct(target(broken.ScaledByBillionth), SMOKE), "gradient") == {"imprecise"}


def test_a_record_for_other_sizes_covers_nothing(record) -> None:
    record(deviation(where={"...": 343}))
    assert verdicts(conduct(target(broken.ScaledByBillionth), SMOKE), "gradient") == {"imprecise"}


@pytest.mark.parametrize(
    ("powers", "outcome"),
    [((1, 2, 3), "known"), ((1, 2), "imprecise"), ((0,), "imprecise")],
)
def test_a_record_for_some_parameters_covers_no_others(
    record, powers: tuple[int, ...], outcome: str
) -> None:
    """Of x⁰ the gradient is 0, which a billionth more does not change."""
    witness = f"...=3 p:{powers[0]} regime=ordinary seed=0"
    record(deviation(identity="power", parameters={"p": powers}, witness=witness))
    rows = conduct(target(broken.ScaledByBillionth, "power"), SMOKE)
    assert verdicts(rows, "gradient") == {outcome}


def test_a_record_of_a_crash_is_no_stale_claim_where_its_witness_lives(record) -> None:
    """Whether it does depends on the processor."""
    record(deviation(crashes=("vjp",)))
    assert not failures(conduct(target(NumPy), SMOKE))


def test_a_record_for_other_versions_covers_nothing(record) -> None:
    record(deviation(versions="<1"))
    assert verdicts(conduct(target(broken.ScaledByBillionth), SMOKE), "gradient") == {"imprecise"}


def test_a_witness_that_passes_is_stale_and_fails_the_run(record) -> None:
    record(deviation())
    stale = [row for row in conduct(target(NumPy), SMOKE) if row["verdict"] == "stale"]
    assert len(stale) == 1
    assert (
        "its witness '...=3 regime=ordinary seed=0' passes: remove the record"
        in stale[0]["message"]
    )
    assert failures(stale)


def unsupported(*, dtypes: tuple[str, ...] = ("float64",)) -> tuple[Unsupported, ...]:
    """A record that square is not supported."""
    return (Unsupported(("squ*",), ("native",), dtypes, "no kernel"),)


def test_what_is_recorded_as_unsupported_and_raises_is_unsupported(record) -> None:
    record(unsupported=unsupported())
    rows = conduct(target(broken.Raising), SMOKE)
    assert {row["verdict"] for row in rows} == {"unsupported"}
    assert not failures(rows)


def test_a_witness_proves_nothing_on_a_kind_of_device_it_was_not_seen_on(record) -> None:
    record(deviation())
    seen = {
        device: {row["verdict"] for row in conduct(target(functools.partial(at, device)), SMOKE)}
        for device in ("cpu", "toy")
    }
    assert "stale" in seen["cpu"]
    assert "stale" not in seen["toy"]


def at(device: str) -> Backend:
    """NumPy, which pretends to have two devices, on one of them."""
    return on_device(Several(), device)


def test_what_is_recorded_as_unsupported_and_works_is_stale(record) -> None:
    record(unsupported=unsupported())
    rows = conduct(target(NumPy), SMOKE)
    outcomes = {row["law"]: row["verdict"] for row in rows}
    assert set(outcomes) == set(SMOKE.laws) - {"agreement", "convention"}
    assert set(outcomes.values()) == {"stale"}
    assert "work: remove the record" in rows[0]["message"]


def test_a_record_for_another_type_says_nothing_of_this_one(record) -> None:
    record(unsupported=unsupported(dtypes=("float16",)))
    assert verdicts(conduct(target(broken.Raising), SMOKE), "gradient") == {"error"}


def test_a_missing_primitive_is_unsupported_by_every_law() -> None:
    class Poor(NumPy):
        name = "poor"
        native = {}  # noqa: RUF012

    rows = conduct(target(Poor), SMOKE)
    alone = set(SMOKE.laws) - {"agreement", "convention"}  # a square has no kink
    assert {row["law"] for row in rows} == alone
    assert {row["verdict"] for row in rows} == {"unsupported"}
    assert "poor has no native implementation of square" in rows[0]["message"]


def test_a_law_that_decides_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """One entry of 1e300: every square is too large for the type."""
    only = select(backends=["numpy"], laws=["value"], profile="smoke")
    huge = "...=- regime=ordinary seed=0 X[0]=1e+300"

    def undecided(judge, target: Target, selection: Selection) -> None:
        judge(parse("square", "float64", huge))

    monkeypatch.setattr(module, "_look", undecided)
    rows = conduct(target(NumPy), only)
    assert [row["verdict"] for row in rows] == ["pass"], "a plain case decides"
    assert (rows[0]["examples"], rows[0]["undecided"]) == (2, 1)
    hidden = parse("square", "float64", huge)
    monkeypatch.setattr(undecided_laws, "plain_cases", lambda *of: [hidden] * 3)
    rows = conduct(target(NumPy), only)
    assert [row["verdict"] for row in rows] == ["error"]
    assert "came to a decision" in rows[0]["message"]
    assert rows[0]["examples"] == 4


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_plain_cases_decide_every_quick_law_in_16_bits(dtype: str) -> None:
    """Seed 32 of the smoke profile hid the fact of swiglu altogether."""
    backend = select(backends=["torch"]).backends[0][1]
    swiglu = Implementation(backend, "native", "swiglu", CATALOGUE["swiglu"].forward)
    tally = Tally()
    laws = ["value", "gradient", "cotangent_linearity", "facts"]
    for case in plain_cases("swiglu", dtype, 32):
        tally.add(case, examine(Trial(swiglu, case, 20.0), laws))
    assert not [law for law in laws if tally.hides(law)]


def test_a_costly_law_may_decide_nothing_and_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    only = select(backends=["numpy"], laws=["layout_independent"], profile="smoke")
    huge = "...=2x3 regime=ordinary seed=0 X[0]=1e+300"

    def undecided(judge, target: Target, selection: Selection) -> None:
        judge(parse("square", "float64", huge))

    monkeypatch.setattr(module, "_look", undecided)
    rows = conduct(target(NumPy), only)
    assert {row["verdict"] for row in rows} <= {"undecided", "pass"}
    assert "undecided" in {row["verdict"] for row in rows}


def test_one_of_three_that_disagrees_is_named(record) -> None:
    record()
    rows = conduct_agreement([target(NumPy), target(Twin), target(broken.Zeros)], SMOKE)
    failed = failures(rows)
    assert {row["backend"] for row in failed} == {"zeros"}
    assert "it disagrees with numpy (native), twin (native)" in failed[0]["message"]


def test_one_that_is_known_to_be_off_has_no_vote(record) -> None:
    record(deviation(issue="https://example.org/7"))
    rows = conduct_agreement([target(NumPy), target(broken.ScaledByBillionth)], SMOKE)
    assert not failures(rows)
    assert {row["issue"] for row in rows if row["verdict"] == "known"} == {"https://example.org/7"}


def test_an_adapter_that_takes_a_built_in_name_has_no_records() -> None:
    impostor = broken.spoiled("torch", broken.each(np.zeros_like))
    rows = conduct(target(impostor, "binary_cross_entropy_with_logits"), SMOKE)
    assert "wrong" in verdicts(rows, "gradient")
    assert "known" not in {row["verdict"] for row in rows}


def test_a_message_that_no_file_can_hold_is_made_visible() -> None:
    assert module.visible("bad \udc80 byte\x00 and\nline") == "bad ? byte� and\nline"


class Twin(NumPy):
    """NumPy under another name."""

    name = "twin"


def test_each_answer_leaves_its_worst_entry() -> None:
    rows = conduct(target(NumPy), SMOKE)
    told = {row["law"]: row["worst"] for row in rows if "worst" in row}
    assert {"value", "gradient"} <= set(told)
    for law in ("value", "gradient"):
        worst = told[law]
        assert set(worst) == {"at", "expected", "got", "tolerance"}
        assert abs(worst["got"] - worst["expected"]) <= worst["tolerance"]


def test_a_deviation_leaves_its_own_worst_entry(record) -> None:
    record(deviation())
    rows = conduct(target(broken.ScaledByBillionth), SMOKE)
    (worst,) = [row["worst"] for row in rows if row["law"] == "gradient"]
    assert worst["got"] / worst["expected"] - 1 == pytest.approx(1e-9, rel=1e-3)
