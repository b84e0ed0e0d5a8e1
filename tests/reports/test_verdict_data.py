"""The verdicts as data in the page: every one is there, said once, and acts on nothing."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradient_conformance.laws.witness import DERIVATIVE
from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.reports.packed import packed
from gradient_conformance.reports.summary import Summary, summarise
from gradient_conformance.reports.verdict_data import Amount, verdict_data

from .synthetic import HOSTILE, environment, failure, ledger, verdict, write
from .test_html import hostile_lines

FIELDS = (
    "type", "laws", "verdict", "tenths", "margin", "argument", "arguments", "case", "examples",
    "undecided", "message", "again", "issue", "vote", "inputs", "worst",
)  # fmt: skip
WORST = {"at": [0, 1], "expected": -20.0, "got": -10.0, "tolerance": 2.6e-6}


def summary(folder: Path, *lines: dict[str, Any]) -> Summary:
    return summarise(ledger(folder, *lines))


def rows(found: Summary) -> list[dict[str, Any]]:
    """The rows of the first cell, by the names of their fields, with what the numbers stand for."""
    data = verdict_data(found)
    told = []
    for row in data["cells"][0][0][1]:
        fields = dict.fromkeys(FIELDS, 0) | dict(zip(FIELDS, row, strict=False))
        fields["type"] = data["types"][fields["type"]]
        fields["laws"] = [data["laws"][n][0] for n in np.atleast_1d(fields["laws"])]
        fields["verdict"] = data["verdicts"][fields["verdict"]][0]
        for name in ("argument", "case", "message", "again", "issue", "vote"):
            fields[name] = data["texts"][fields[name]]
        fields["inputs"] = data["inputs"][fields["inputs"]]
        told.append(fields)
    return told


def test_a_row_has_the_numbers_of_its_verdict(tmp_path: Path) -> None:
    line = failure(worst=WORST, issue="https://example.org/1")
    (row,) = rows(summary(tmp_path, line))
    assert row["type"] == "float32"
    assert row["laws"] == ["gradient"]
    assert (row["verdict"], row["tenths"], row["margin"]) == ("wrong", 3, "1.9e+06")
    assert (row["argument"], row["arguments"]) == ("A", 1)
    assert row["case"] == line["case"]
    assert row["message"] == line["message"]
    assert row["issue"] == line["issue"]
    assert (row["examples"], row["undecided"]) == (14, 2)
    assert row["worst"] == ["[0, 1]", "-20", "-10", "2.6e-06", "2.2", [0, 100, 0]]


def test_the_worst_argument_stands_for_a_law(tmp_path: Path) -> None:
    found = rows(summary(tmp_path, verdict(digits=6.0), verdict(wrt="x", digits=5.0)))
    assert [(row["argument"], row["arguments"], row["tenths"]) for row in found] == [("x", 2, 50)]


@pytest.mark.parametrize(
    ("margin", "told"),
    [(None, 0), (0.0, "0"), (0.25, 0.25), (3.0, 3), (1e6, "1e+06"), ("inf", "not finite")],
)
def test_margins(tmp_path: Path, margin: Any, told: Any) -> None:
    (row,) = rows(summary(tmp_path, verdict(margin=margin)))
    assert (row["margin"], type(row["margin"])) == (told, type(told))


def test_no_digit_is_not_no_digits(tmp_path: Path) -> None:
    for digits, tenths in ((0.0, 0), (None, -1)):
        assert rows(summary(tmp_path, verdict(digits=digits)))[0]["tenths"] == tenths


def test_laws_of_which_the_same_is_said_share_a_row(tmp_path: Path) -> None:
    plain = {"digits": None, "margin": None, "wrt": None}
    alike = [verdict(law=law, **plain) for law in ("inputs_intact", "same_answer_twice")]
    other = verdict(law="vmap", verdict="unsupported", message="none", **plain)
    found = rows(summary(tmp_path, verdict(), *alike, other))
    assert [row["laws"] for row in found] == [
        ["gradient"], ["inputs_intact", "same_answer_twice"], ["vmap"],
    ]  # fmt: skip


def test_failures_are_not_put_together(tmp_path: Path) -> None:
    lines = [failure(law=law, digits=None, margin=None) for law in ("inputs_intact", "value")]
    assert len(rows(summary(tmp_path, *lines))) == 2


def test_the_usual_command_is_left_to_the_script_and_any_other_is_kept(tmp_path: Path) -> None:
    usual = (
        "gradient-conformance run --identity least_squares --dtype float32 --backend torch "
        "--route native --law gradient --seed 0 --case 'm=2 n=3 regime=special seed=7'"
    )
    case = "m=2 n=3 regime=special seed=7"
    assert rows(summary(tmp_path, verdict(case=case, reproduce=usual)))[0]["again"] == ""
    other = f"{usual} --time-limit 3"
    assert rows(summary(tmp_path, verdict(case=case, reproduce=other)))[0]["again"] == other
    quote = "m='2' seed=7"
    assert rows(summary(tmp_path, verdict(case=quote, reproduce=usual)))[0]["again"] == usual


def test_a_long_case_and_command_stay_whole(tmp_path: Path) -> None:
    case = f"m={'9' * 2000} seed=7"
    (row,) = rows(summary(tmp_path, verdict(case=case, reproduce=f"try {case}")))
    assert (row["case"], row["again"]) == (case, f"try {case}")


def test_a_row_of_zeros_keeps_its_first_fields(tmp_path: Path) -> None:
    bare = verdict(dtype="float64", digits=0.0, margin=None, wrt=None, examples=0, undecided=0)
    data = verdict_data(summary(tmp_path, bare))
    assert data["cells"][0][0][1] == [[0, 0, 0, 0]]


def test_a_seed_keeps_all_its_digits(tmp_path: Path) -> None:
    """A number beyond 2^53 is another one in a script."""
    lines = [environment(seed=2**64 + 1), verdict()]
    read = read_ledger(write(tmp_path / "ledger.jsonl", lines))
    assert verdict_data(summarise(read))["seed"] == "18446744073709551617"


@pytest.mark.parametrize(
    ("worst", "told"),
    [
        ({}, 0),
        (WORST | {"at": []}, ["", "-20", "-10", "2.6e-06", "2.2", [0, 100, 0]]),
        (
            WORST | {"expected": [0.0, 1.0]},
            ["[0, 1]", "0 to 1", "-10", "2.6e-06", "44", [91, 9, 0]],
        ),
        (
            WORST | {"expected": 0.0, "got": "nan"},
            ["[0, 1]", "0", "nan", "2.6e-06", "", [100, 0, 0]],
        ),
        ({"at": HOSTILE, "expected": HOSTILE}, 0),
    ],
)
def test_the_worst_entry(tmp_path: Path, worst: dict[str, Any], told: Any) -> None:
    assert rows(summary(tmp_path, verdict(worst=worst)))[0]["worst"] == told


def test_lines_are_of_all_types_and_of_each(tmp_path: Path) -> None:
    data = verdict_data(
        summary(tmp_path, verdict(digits=3.0), verdict(dtype="float64", digits=12.0))
    )
    lines = [[line[1:4] for line in part] for part in data["cells"][0][0][0]]
    assert data["types"] == ["float64", "float32"]
    assert lines == [[["pass", "3.0", "7.2"]], [["pass", "12.0", "15.9"]], [["pass", "3.0", "7.2"]]]


def test_a_backend_is_called_as_it_was_on_the_command_line(tmp_path: Path) -> None:
    spec = "my.module:Torch"
    case = "m=2 n=3 regime=special seed=7"
    rest = (
        f"--dtype float32 --backend {spec} --route native --law gradient --seed 0 --case '{case}'"
    )
    line = verdict(case=case, reproduce=f"gradient-conformance run --identity least_squares {rest}")
    found = summary(tmp_path, line)
    assert rows(found)[0]["again"] == ""
    assert verdict_data(found)["specs"] == [spec]


def test_agreement_is_tried_again_with_all_backends(tmp_path: Path) -> None:
    words = "--backend jax --backend numpy --backend torch --law agreement --seed 0"
    again = f"gradient-conformance run --identity least_squares --dtype float32 {words}"
    line = verdict(law="agreement", case=None, reproduce=f"{again} --profile smoke")
    found = summary(tmp_path, line)
    assert rows(found)[0]["again"] == ""
    assert verdict_data(found)["backends"] == ["jax", "numpy", "torch"]
    own = line | {"reproduce": line["reproduce"].replace("torch", "my.module:Torch")}
    found = summary(tmp_path, own)
    assert rows(found)[0]["again"] == ""
    assert verdict_data(found)["backends"] == ["jax", "numpy", "my.module:Torch"]
    assert verdict_data(found)["specs"] == ["my.module:Torch"]


def test_the_third_vote_is_told_apart(tmp_path: Path) -> None:
    line = failure(message=f"at [0] expected 1; got 2; {DERIVATIVE}")
    (row,) = rows(summary(tmp_path, line))
    assert (row["message"], row["vote"]) == ("at [0] expected 1; got 2", DERIVATIVE)
    (row,) = rows(summary(tmp_path, failure(message="at [0]; nothing of that kind")))
    assert (row["message"], row["vote"]) == ("at [0]; nothing of that kind", "")


def test_the_input_arrays_are_there_as_python(tmp_path: Path) -> None:
    (row,) = rows(summary(tmp_path, failure()))
    assert [*map(tuple, row["inputs"])] == [
        ("A", "array([[1, -0.5, 3], [0, 2, -1]], float)"),
        ("x", "array([10, 0.5, -0.0], float)"),
        ("b", "array([-30, 1], float)"),
        ("ybar", "array(-0.25, float)"),
    ]


def test_with_a_smaller_amount_what_fails_and_stands_for_a_cell_keeps_most(tmp_path: Path) -> None:
    lines = [failure(worst=WORST), verdict(worst=WORST, law="value")]
    found = summary(tmp_path, *lines)
    for amount, told in (
        (Amount(), [True, True]),
        (Amount(every=False), [True, False]),
        (Amount(laws=False), [True]),
    ):
        cell = verdict_data(found, amount)["cells"][0][0][1]
        assert [len(row) == len(FIELDS) for row in cell] == told
    assert verdict_data(found, Amount(numbers=0))["inputs"] == [()]


def test_no_text_acts(tmp_path: Path) -> None:
    found = summarise(read_ledger(write(tmp_path / "ledger.jsonl", hostile_lines())))
    data = json.dumps(verdict_data(found), ensure_ascii=False)
    assert "\u202e" not in data
    assert "\\x1b" in data


def test_a_full_run_stays_small(tmp_path: Path) -> None:
    """93 identities, 5 backends and routes, 4 types, 16 laws, of the 2 MB that a page may take."""
    rng = random.Random(0)
    lines = []
    for n in range(93):
        for backend in "abcde":
            for dtype in ("float64", "float32", "float16", "bfloat16"):
                place = {"identity": f"identity_{n}", "backend": backend, "dtype": dtype}
                for law in range(16):
                    numbers: dict[str, Any] = (
                        {"digits": rng.uniform(0, 7), "margin": rng.random(), "worst": WORST}
                        if law < 8
                        else {"digits": None, "margin": None}
                    )
                    case = f"m={rng.randrange(9)} n=3 regime=ordinary seed={rng.randrange(99)}"
                    lines.append(verdict(**place, law=f"law_{law}", case=case, **numbers))
    found = summarise(read_ledger(write(tmp_path / "ledger.jsonl", [environment(), *lines])))
    assert len(packed(found, 10**9).text) < 900_000
