"""The data of the page, packed: all that has room, and in words what has not."""

from __future__ import annotations

import base64
import itertools
import json
import random
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.reports.html import render
from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.reports.packed import AMOUNTS, packed
from gradient_conformance.reports.summary import Summary, summarise
from gradient_conformance.reports.verdict_data import verdict_data

from .pages import Page
from .synthetic import end, environment, failure, full_size, verdict, write
from .test_html import hostile_lines


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """Of each identity a failure with its arrays, and two laws that pass, all with numbers."""
    rng = random.Random(0)
    lines = [environment()]
    for name, law in itertools.product(CATALOGUE, ("gradient", "value", "jvp")):
        x = [rng.random() for _ in range(9)]
        worst = {"at": [1], "expected": x[0], "got": x[1], "tolerance": x[2]}
        shown = {"arguments": {"x": x}, "ybar": x}
        made = failure if law == "gradient" else verdict
        told = {"message": f"at [1]: {'told at length' * 20} {x}"} if law == "gradient" else {}
        lines.append(made(identity=name, law=law, worst=worst, shown=shown, **told))
    folder = tmp_path_factory.mktemp("run")
    return summarise(read_ledger(write(folder / "ledger.jsonl", lines)))


def unpacked(text: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(text)))


def test_with_room_it_is_all_there(run: Summary) -> None:
    found = packed(run, 10**9)
    assert unpacked(found.text) == json.loads(json.dumps(verdict_data(run)))
    assert found.left_out == ""
    assert re.fullmatch(r"[A-Za-z0-9+/]+=*", found.text), "nothing that could act in a page"


def test_with_less_room_there_is_less_and_it_is_said(run: Summary) -> None:
    sizes = {amount: len(packed_alone(run, amount)) for amount in AMOUNTS}
    assert [*sizes.values()] == sorted(sizes.values(), reverse=True)
    for amount, left_out in AMOUNTS.items():
        found = packed(run, sizes[amount])
        assert len(found.text) <= sizes[amount]
        assert (found.amount, found.left_out) == (amount, left_out)
    least = packed(run, min(sizes.values()) - 1)
    assert (least.text, least.left_out) == ("", "the details of each cell are left out")


def test_of_a_large_run_what_has_no_room_is_never_packed_as_a_whole(
    run: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, Any]] = []

    def spied(summary: Summary, amount: Any) -> Any:
        asked.append((len(summary.identities), amount))
        return verdict_data(summary, amount)

    monkeypatch.setattr("gradient_conformance.reports.packed.verdict_data", spied)
    monkeypatch.setattr("gradient_conformance.reports.packed.LARGE", 0)
    most, *_, least = AMOUNTS
    assert packed(run, len(packed_alone(run, most))).amount == most
    asked.clear()
    assert packed(run, len(packed_alone(run, least))).amount == least
    whole = [amount for identities, amount in asked if identities == len(CATALOGUE)]
    assert most not in whole
    assert whole[-1] == least


def packed_alone(run: Summary, amount: Any) -> bytes:
    data = json.dumps(verdict_data(run, amount), separators=(",", ":")).encode()
    return base64.b64encode(zlib.compress(data, 9))


def everything_fails(libraries: int) -> list[dict[str, Any]]:
    """A ledger in which each library fails on both routes and in all types, each with arrays."""
    dtypes = ("float64", "float32", "float16", "bfloat16")
    lines = [environment(dtypes=dtypes)]
    array = [[0.1 * n * k for n in range(4)] for k in range(4)]
    shown = {"arguments": {"x": array}, "ybar": array, "expected": array, "observed": array}
    for number, (name, identity) in enumerate(CATALOGUE.items()):
        for library in range(libraries):
            for route in ("composed", "native"):
                place = {"identity": name, "family": identity.family, "route": route}
                place["backend"] = f"library_{library}"
                for dtype in dtypes:
                    case = f"m={number} n={library} regime=ordinary seed={len(lines)}"
                    told = {"case": case, "message": f"at [{len(lines)}]: {'all of it ' * 40}"}
                    lines.append(failure(**place, **told, dtype=dtype, wrt="x", shown=shown))
    return [*lines, end(exit=1)]


def test_where_eight_libraries_fail_everywhere_the_page_stays_below_2_mb(tmp_path: Path) -> None:
    ledger = read_ledger(write(tmp_path / "ledger.jsonl", everything_fails(8)))
    assert len(ledger.verdicts) == 8 * 2 * 4 * len(CATALOGUE)
    text = render(ledger, catalogue=True)
    assert len(text.encode()) < 2_000_000
    found = Page(text)
    findings = 8 * 2 * len(CATALOGUE)
    listed, told = text.count("<li><div>"), text.count("<article ")
    assert 0 < told < listed < findings
    assert f"And {findings - listed:,} more: all are in the table below and in ledger.jsonl" in (
        found.text
    )
    assert (
        f"{findings - told:,} more findings have no details here: ledger.jsonl beside it has"
        in (found.text)
    )
    links = {a["href"] for a in found.all("a") if (a.get("href") or "").startswith("#finding-")}
    assert links == {f"#{a['id']}" for a in found.all("article")}


def test_what_is_left_out_of_the_cells_is_said_and_cannot_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = read_ledger(write(tmp_path / "ledger.jsonl", full_size()))
    size = len(render(ledger).encode())
    assert "So that this page stays small" not in render(ledger)
    assert '<select name="law">' in render(ledger)
    least = len(packed_alone(summarise(ledger), [*AMOUNTS][-1]))
    whole = len(packed(summarise(ledger), 10**9).text)
    monkeypatch.setattr("gradient_conformance.reports.html.LIMIT", size - whole + least + 9)
    text = render(ledger)
    assert (
        f"So that this page stays small, {[*AMOUNTS.values()][-1]}: ledger.jsonl" in Page(text).text
    )
    assert '<select name="law">' not in text


def test_a_page_without_data_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradient_conformance.reports.html.LIMIT", 0)
    ledger = read_ledger(write(tmp_path / "ledger.jsonl", hostile_lines()))
    text = Page(render(ledger)).text
    assert "the details of each cell are left out: ledger.jsonl beside it has everything" in text
