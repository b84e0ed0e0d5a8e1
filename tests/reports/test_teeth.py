"""Reading a ``teeth.json`` without trust, and the result in the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports.teeth import (
    SCHEMA,
    VIEWS,
    failing,
    head,
    read_teeth,
    summary,
    write_teeth,
)
from gradient_conformance.tests.reports.hunts import (
    alarm,
    full_size,
    hostile,
    hunt,
    read,
    row,
    write,
)


def test_it_reads_what_was_written(tmp_path: Path) -> None:
    survivor = row(outcome="survived")
    result = hunt(row(), survivor, controls=[alarm()])
    write_teeth(tmp_path, result)
    teeth = read_teeth(tmp_path / "teeth.json")
    assert teeth.rows[0].examples == 3
    assert teeth.rows[0].laws == ("gradient",)
    assert teeth.controls[0].seed == 2
    assert teeth.faults["doubled"].family == "entries"
    assert (teeth.seeds, teeth.seconds) == ((0, 1), 754.0)
    assert (teeth.complete, teeth.done, teeth.units) == (True, 6, 6)
    assert failing(result) == [survivor, *result["controls"]]


def test_an_older_format_is_read_and_a_newer_one_refused(tmp_path: Path) -> None:
    assert read(tmp_path, hunt(schema=0)).complete
    with pytest.raises(ValueError, match=r"version 2 of the format.* up to 1: use a newer one"):
        read(tmp_path, hunt(schema=SCHEMA + 1, rows="anything"))
    assert head() == {"kind": "teeth", "schema": SCHEMA}


def test_a_file_that_was_cut_says_so(tmp_path: Path) -> None:
    text = json.dumps(hunt(row(case="σ")), ensure_ascii=False)
    for end in range(1, len(text), 7):
        with pytest.raises(ValueError, match=r"teeth\.json cannot be read: it is not JSON"):
            read(tmp_path, text[:end])
    with pytest.raises(ValueError, match="it stops in the middle"):
        read(tmp_path, text[: text.index(', "rows"')])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it is empty"),
        (b"\xff\xfe{}", "it is not UTF-8 text"),
        ("[]", "it is a JSON list, not an object"),
        ("null", "it is a JSON NoneType, not an object"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"kind": "teeth", "schema": ' + "9" * 5000 + "}", "cannot be read"),
        ("{}", "its kind is None, not 'teeth'"),
        ({"kind": "environment"}, "its kind is 'environment', not 'teeth'"),
        ({"kind": "teeth"}, "its schema is None, not a whole number"),
        (hunt(schema=True), "its schema is True"),
        (hunt(environment=None), "environment is missing"),
        (hunt(faults=["sign"]), "faults is not an object"),
        (hunt(faults={"sign": 3}), "sign is not an object"),
        (hunt(faults={"sign": {"says": 3}}), "says is 3, not a text"),
        (hunt(rows={}), "rows is {}, not a list"),
        (hunt(row(), 3), "rows, 2: it is not an object"),  # type: ignore[arg-type]
        (hunt(row(), row(identity=None)), "rows, 2: it has no identity"),
        (hunt(row(identity=["x"])), r"rows, 1: identity is \['x'\], not a text"),
        (hunt(row(outcome="eaten")), "'eaten' is not an outcome; there are killed, equiv"),
        (hunt(row(examples="3")), "rows, 1: examples is '3', not a whole number"),
        (hunt(row(examples=True)), "examples is True, not a whole number"),
        (hunt(row(examples=float("nan"))), "examples is 'nan', not a whole number"),
        (hunt(row(examples=-1)), "examples is no count"),
        (hunt(row(hunts=10**4000)), "hunts is too large"),
        (hunt(row(hunts=None)), "it has no hunts"),
        (hunt(row(laws="gradient")), "laws is 'gradient', not a list"),
        (hunt(row(fault="unheard")), "rows, 1: there is no fault 'unheard' in faults"),
        (hunt(controls=[{}]), "controls, 1: it has no identity"),
        (hunt(sensitivity=[{"identity": "a", "dtype": "b", "whole": "x"}]), "whole is 'x', not a"),
        (hunt(sensitivity_of={"runs": "x"}), "runs is 'x', not a whole number"),
        (hunt(sensitivity_of=[]), "sensitivity_of is not an object"),
        (hunt(ran={"complete": 1}), "complete is 1, neither true nor false"),
        (hunt(ran={"units": [1]}), r"units is \[1\], not a pair"),
        (hunt(ran={"units": [1, "2"]}), "units is '2', not a whole number"),
        (hunt(ran={"seeds": ["0"]}), "a seed is '0', not a whole number"),
        (hunt(ran={"seconds": "long"}), "seconds is 'long', not a number"),
        (hunt(ran={"versions": []}), r"versions is \[\], not an object"),
    ],
)
def test_what_is_damaged_is_refused_in_words(tmp_path: Path, content: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as told:
        read(tmp_path, content)
    assert "teeth.json cannot be read" in str(told.value)
    assert told.value.__suppress_context__, "a reader of the message sees no other"


def test_any_value_in_any_field_is_read_or_refused(tmp_path: Path) -> None:
    """No other error than ValueError, and what is read can be shown."""
    whole = hunt(
        row(reason="so"),
        controls=[alarm()],
        sensitivity=[{"identity": "softmax", "dtype": "float32", "whole": 0.1, "runs": 5}],
    )
    odd: list[Any] = [
        None,
        True,
        -1,
        1e308,
        float("nan"),
        "",
        "\ud800",
        [],
        [[]],
        {},
        {"x": []},
        [None],
    ]
    shown = 0
    for place, name in [
        *((whole, name) for name in whole),
        *((whole["environment"], name) for name in whole["environment"]),
        *((whole["rows"][0], name) for name in whole["rows"][0]),
        *((whole["controls"][0], name) for name in whole["controls"][0]),
        *((whole["sensitivity"][0], name) for name in whole["sensitivity"][0]),
    ]:
        right = place[name]
        for value in odd:
            place[name] = value
            write(tmp_path, whole)
            try:
                teeth = read_teeth(tmp_path / "teeth.json")
            except ValueError:
                continue
            for render in VIEWS.values():
                assert render(teeth)
            shown += 1
        place[name] = right
    assert shown > 100


def test_a_hunt_that_was_cut_short_says_so(tmp_path: Path) -> None:
    cut = hunt(row(), ran={"complete": False, "units": [4, 6]})
    said = write_teeth(tmp_path, cut)
    assert "No fault survived, as far as the hunt got" in said
    for text in (said, *((tmp_path / f"teeth.{kind}").read_text() for kind in ("md", "html"))):
        assert "cut short after 4 of 6 units" in " ".join(text.split())
    untold = hunt(row())
    del untold["environment"]["complete"], untold["environment"]["units"]
    assert "cut short (a unit" in " ".join(summary(untold).split())
    assert "cut short" not in summary(hunt(row()))


def test_the_terminal_says_the_result_in_plain_words() -> None:
    rows = [row(), row(fault="doubled", examples=9), row(outcome="survived", dtype="float64")]
    same = row(fault="transposed", outcome="equivalent", reason="it is symmetric")
    said = summary(hunt(*rows, same, controls=[alarm()]))
    assert said == (
        "1 survived and 1 false alarm\n"
        "\n"
        "3 faults over torch in float64 and float32, on 1 identity: 8 hunts at 4 places.\n"
        "Of the places: 2 killed, 1 survived, 1 equivalent; 1 false alarm.\n"
        "\n"
        "✗ survived: sign on softmax\n"
        "    torch native float64; in other hunts there killed by gradient; 3 examples\n"
        "    tried; at n=4 regime=ties seed=1\n"
        "✗ false alarm: no fault on softmax\n"
        "    torch native float32; by facts; at n=4 regime=ties seed=1"
    )
    assert summary(hunt()).startswith("No fault was hunted\n")


@pytest.mark.parametrize("whole", [hostile(), full_size(every=9)], ids=["hostile", "large"])
def test_the_terminal_has_80_columns_and_no_control_characters(whole: dict[str, Any]) -> None:
    lines = summary(whole).split("\n")
    assert max(map(len, lines)) < 80
    assert all(line.isprintable() for line in lines)
    assert len(lines) < 400


def test_only_whole_files_are_left(tmp_path: Path) -> None:
    assert str(tmp_path / "teeth.html") in write_teeth(tmp_path / ".", hunt(row()))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["teeth.html", "teeth.json", "teeth.md"]
