"""The counts of a hunt, against counts by hand."""

from __future__ import annotations

import random
from pathlib import Path

from gradient_conformance.laws import LAWS
from gradient_conformance.reports import teeth_markdown, teeth_page
from gradient_conformance.reports.teeth_summary import OTHER, Summary, family_of
from gradient_conformance.reports.teeth_wording import cell, headline
from gradient_conformance.tests.reports.hunts import alarm, full_size, hunt, read, row


def test_pairs_and_laws(tmp_path: Path) -> None:
    found = Summary(
        read(
            tmp_path,
            hunt(
                row(laws=["gradient"], examples=2),
                row(laws=["gradient", "facts"], examples=7, dtype="float64"),
                row(identity="relu", laws=["facts"], examples=5),
                row(fault="doubled", laws=["facts"], examples=11),
                row(fault="doubled", identity="relu", outcome="survived", laws=["value"]),
                row(fault="transposed", outcome="equivalent", laws=["value"], reason="so"),
                row(fault="transposed", identity="gelu", outcome="stale", laws=["value"]),
            ),
        )
    )
    assert len(found.pairs) == 6
    told = {law.name: (law.pairs, law.alone, law.faults) for law in found.laws}
    assert told["facts"] == (3, 2, 2)
    assert told["gradient"] == (1, 0, 1)
    assert told["value"] == (0, 0, 0), "what is not killed counts for no law"
    assert told.keys() == LAWS.keys()
    assert [law.name for law in found.laws][:2] == ["facts", "gradient"]
    assert found.examples(["sign"]) == [5, 7]
    assert found.examples(["sign", "doubled", "transposed"]) == [5, 7, 11]
    assert found.all.hunts == 14
    assert [found.all.counts[o] for o in ("killed", "survived", "idle")] == [4, 1, 0]
    slowest = found.by_fault["sign"].slowest
    assert slowest
    assert (slowest.examples, slowest.dtype) == (7, "float64")
    assert found.pairs["sign", "softmax"].laws == ("gradient", "facts"), "in the suite's order"


def test_survivors_come_first_and_false_alarms_last(tmp_path: Path) -> None:
    rows = [
        row(outcome="stale", fault="doubled", reason="so"),
        row(outcome="idle", fault="doubled"),
        row(outcome="survived", examples=70),
        row(outcome="survived", examples=60, dtype="float64"),
        row(outcome="survived", identity="relu"),
        row(outcome="equivalent", identity="gelu", reason="so"),
        row(),
    ]
    found = Summary(read(tmp_path, hunt(*rows, controls=[alarm(), alarm(dtype="float64")])))
    holes = [(hole.outcome, hole.identity, hole.examples) for hole in found.holes]
    assert holes == [
        ("survived", "relu", 3),
        ("survived", "softmax", 60),
        ("idle", "softmax", 3),
        ("stale", "softmax", 3),
        ("false alarm", "softmax", 3),
    ]
    assert found.holes[1].places == ("torch native float64", "torch native float32")
    assert found.failing == {"survived": 3, "idle": 1, "stale": 1, "false alarm": 2}
    assert headline(found) == "3 survived, 1 idle, 1 stale and 2 false alarms"


def test_equivalents_are_told_by_reason(tmp_path: Path) -> None:
    same = {"outcome": "equivalent", "laws": []}
    found = Summary(
        read(
            tmp_path,
            hunt(
                row(**same, fault="transposed", reason="symmetric"),
                row(**same, fault="transposed", reason="symmetric", identity="relu"),
                row(**same, fault="sign", reason="zero"),
                row(**same, fault="transposed", reason="empty"),
                row(reason="not of a row that is killed"),
            ),
        )
    )
    told = [
        (fault, reason, places.identities)
        for fault, reason, places in found.explained("equivalent")
    ]
    assert told == [
        ("sign", "zero", ("softmax",)),
        ("transposed", "empty", ("softmax",)),
        ("transposed", "symmetric", ("relu", "softmax")),
    ]
    assert not found.failing


def test_the_cells_of_the_matrix(tmp_path: Path) -> None:
    assert cell(None) == ("", "blank", "")
    rows = [row(examples=2), row(examples=30, backend="jax", laws=["facts"])]
    same = row(identity="log_softmax", outcome="equivalent", laws=[], reason="so")
    hole = row(identity="logsumexp", outcome="survived", laws=[])

    def of(*some: dict[str, object]) -> tuple[str, str, str]:
        return cell(Summary(read(tmp_path, hunt(*some))).cells["sign", "softmax"])

    slow = "30 examples on softmax, jax native float32; by gradient and facts"
    assert of(*rows) == ("30", "late", slow)
    assert of(*rows, same) == ("30 =", "late", f"{slow}; equivalent on log_softmax")
    assert of(same) == ("=", "same", "equivalent on log_softmax")
    text, kind, said = of(*rows, same, hole)
    assert (text, kind) == ("✗", "hole")
    assert said == f"{slow}; survived on logsumexp; equivalent on log_softmax"
    assert of(rows[0])[1] == "quick"
    hidden = row(outcome="hidden", laws=[], reason="a bug of torch")
    text, kind, said = of(rows[0], same, hidden)
    assert (text, kind) == ("2 = ◇", "quick")
    assert said.endswith("by gradient; equivalent on log_softmax; hidden on softmax")


def test_an_identity_that_is_not_in_the_catalogue_has_a_family_too(tmp_path: Path) -> None:
    found = Summary(read(tmp_path, hunt(row(identity="brand_new"), row())))
    assert family_of("brand_new") == OTHER
    assert found.identity_families == ["softmax", OTHER]


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    """Workers finish in any order."""
    whole = full_size(every=9)
    first = read(tmp_path, whole)
    random.Random(1).shuffle(whole["rows"])
    second = read(tmp_path, whole)
    assert first.rows != second.rows
    assert teeth_page.render(first) == teeth_page.render(second)
    assert teeth_markdown.render(first) == teeth_markdown.render(second)
