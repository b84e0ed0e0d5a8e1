"""The page about faults: it parses, stands alone, lets no text act, and tells the worst first."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.faults import FAULTS
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.reports.teeth_page import SETS, render
from gradient_conformance.reports.teeth_wording import MEANINGS
from gradient_conformance.reports.views import write_views
from gradient_conformance.reports.wording import LAWS
from gradient_conformance.tests.reports import synthetic
from gradient_conformance.tests.reports.hunts import alarm, full_size, hostile, hunt, read, row
from gradient_conformance.tests.reports.pages import Page
from gradient_conformance.tests.reports.test_html import ALLOWED


def page(folder: Path, whole: Any) -> Page:
    return Page(render(read(folder, whole)))


@pytest.mark.parametrize(
    "whole",
    [hunt(), hunt(faults={}), hunt(row()), full_size(every=9), hostile()],
    ids=["nothing", "no faults", "small", "large", "hostile"],
)
def test_it_is_a_well_formed_page_that_stands_alone(tmp_path: Path, whole: Any) -> None:
    found = page(tmp_path, whole)
    assert {tag for tag, _ in found.tags} <= {*ALLOWED, "form", "select", "option", "h4"}
    for tag, attributes in found.tags:
        assert not attributes.keys() & {"src", "srcset", "action", "data", "style"}, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert (attributes.get("href") or "#").startswith("#"), tag
    anchors = [a["id"] for _, a in found.tags if "id" in a]
    assert len(anchors) == len(set(anchors))
    assert {a["href"] for a in found.all("a")} <= {f"#{anchor}" for anchor in anchors}
    named = [a["aria-labelledby"] for _, a in found.tags if "aria-labelledby" in a]
    assert set(named) <= set(anchors)
    for one in ("main", "h1", "script", "style"):
        assert sum(1 for _ in found.all(one)) == 1


def test_it_fetches_nothing(tmp_path: Path) -> None:
    text = render(read(tmp_path, full_size(every=9)))
    assert not re.findall(r"http|//\w|src=|url\(|@import|<link|<iframe|<img|fetch\(", text)


def test_hostile_text_is_shown_as_it_is(tmp_path: Path) -> None:
    found = page(tmp_path, hostile())
    assert found.text.count("<script>alert(1)</script> # heading") > 10
    assert "{{ 7 * 7 }} &lt; $(reboot)" in found.text
    assert "\\x1b[31mred\\x07 \\u202ereversed" in found.text
    shown = [found.text, *(value or "" for _, a in found.tags for value in a.values())]
    assert not {c for text in shown for c in text if not c.isprintable()} - {"\n"}


def test_tables_can_be_read_aloud(tmp_path: Path) -> None:
    text = render(read(tmp_path, full_size(every=9)))
    found = Page(text)
    assert text.count("<table") == text.count("<caption") > 3
    assert all(attributes.get("scope") for attributes in found.all("th"))
    assert next(found.all("html"))["lang"] == "en"
    scrolled = [a for a in found.all("div") if a.get("class") == "scroll"]
    assert scrolled
    assert all(a.get("tabindex") == "0" and a.get("aria-label") for a in scrolled)


def test_the_worst_is_told_first(tmp_path: Path) -> None:
    rows = [
        row(examples=7, laws=["gradient"]),
        row(fault="doubled", outcome="stale", reason="the reason of doubled", laws=["facts"]),
        row(fault="transposed", outcome="survived", laws=[], examples=66, case=""),
        row(fault="transposed", identity="relu", outcome="equivalent", reason="because", laws=[]),
    ]
    sizes = [{"identity": "relu", "dtype": "float32", "whole": 2e-7, "entry": None, "runs": 100}]
    how = {"runs": 100, "profile": "ci", "seconds": 125.0}
    text = page(
        tmp_path, hunt(*rows, controls=[alarm()], sensitivity=sizes, sensitivity_of=how)
    ).text
    order = [
        "1 survived, 1 stale and 1 false alarm",
        "3 faults over torch in float32, on 2 identities: 8 hunts at 4 places. Of the places:",
        "1 killed, 1 survived, 1 stale, 1 equivalent; 1 false alarm.",
        "A fault is a mistake that people make",
        "torch 2.13.0+cpu",
        "profile ci, seeds 0 and 1; started 20 November 2026, 10:50 UTC; took 12 min 34 s",
        "tensorflow: backend 'tensorflow' needs tensorflow",
        "✗ survived: transposed on softmax transposed, where it is square torch native float32;",
        "66 examples tried",
        "✗ stale: doubled on softmax",
        "the reason: the reason of doubled",
        "✗ false alarm: no fault on softmax torch native float32; by facts; at n=4 regime=ties",
        "By family of faults",
        "Examples until the slowest kill",
        "of 4 pairs",
        "gradient 111",
        "= equivalent No law failed, and rightly",
        "transposed relu because1",
        "How small an error is found",
        "100 runs, profile ci, took 2 min 5 s",
        "relu 2.0e-07 none found",
        "Every fault Entries sign the sign is wrong Killed at 1 of 1 place, on 1 of 1 identity,",
        "after 7 examples",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_it_says_that_nothing_survived(tmp_path: Path) -> None:
    text = page(tmp_path, hunt(row())).text
    assert "No fault survived" in text
    assert "None: every fault was killed at every place at which it is a mistake" in text
    assert "Nothing was hunted" in page(tmp_path, hunt()).text
    assert "None: every" not in page(tmp_path, hunt(row(outcome="idle"))).text


def test_what_a_recorded_deviation_hides_is_told_apart(tmp_path: Path) -> None:
    hidden = row(outcome="hidden", laws=[], reason="torch is wrong there anyway")
    found = page(tmp_path, hunt(row(dtype="float64"), hidden))
    assert "No fault survived" in found.text
    assert "1 of 3 faults over torch in float64 and float32, on 1 identity" in found.text
    assert "a mistake and no recorded deviation hides it, and no law failed" in found.text
    assert "1 killed, 0 survived, 1 hidden; no false alarm" in found.text
    assert "◇ hidden Laws failed only where a recorded deviation" in found.text
    assert "sign softmax torch is wrong there anyway1" in found.text
    assert "equivalent No law failed" not in found.text[: found.text.rindex("How to read this")]


def test_what_is_wrong_is_told_by_more_than_a_colour(tmp_path: Path) -> None:
    text = render(read(tmp_path, hunt(row(outcome="survived", laws=[]))))
    cell = re.search(r'<td class="hole" title="([^"]*)">(.*?)</td>', text)
    assert cell
    assert cell[1] == "survived on softmax"
    assert cell[2] == '✗<span class="unseen"> survived</span>'


def test_blanks_and_words_are_explained(tmp_path: Path) -> None:
    text = page(tmp_path, hunt(row(), row(laws=["brand_new"], identity="relu"))).text
    assert "A blank means that the fault cannot be made there" in text
    glossary = text[text.rindex("How to read this") :]
    for meaning in (*MEANINGS.values(), LAWS["facts"][1], "brand new", "has no description"):
        assert meaning in glossary


def test_each_identity_of_a_fault_is_told_with_its_laws(tmp_path: Path) -> None:
    rows = [
        row(examples=7, laws=["facts", "gradient"]),
        row(examples=2, dtype="float64"),
        row(identity="relu", examples=1),
        row(identity="gelu", examples=4),
        row(identity="tanh", outcome="idle", laws=[]),
    ]
    text = page(tmp_path, hunt(*rows)).text
    assert "Killed at 4 of 5 places, on 3 of 4 identities, after 4 examples in the median" in text
    assert "Identities by law: gradient 3, facts 1." in text
    assert "(softmax, torch native float32: n=4 regime=ties seed=1)" in text
    assert "✗ idle on tanh." in text
    assert re.search(r"gradient relu.1, gelu.4", text)
    assert re.search(r"gradient and facts softmax.7", text)


def test_rare_sets_of_laws_stand_together(tmp_path: Path) -> None:
    names = list(CATALOGUE)[: SETS + 2]
    rows = [row(identity=name, laws=[f"law_{n}"]) for n, name in enumerate(names)]
    found = page(tmp_path, hunt(*rows))
    assert sum(1 for _ in found.all("details")) == 1
    folded = found.text[: found.text.rindex("How to read this")].split("Identity by identity")[1]
    assert len(re.findall(r"\blaw \d", folded)) == SETS
    assert re.search(rf"2 other sets of laws {names[-2]}.3, {names[-1]}.3", folded)


def test_the_filter_has_every_family_and_fault(tmp_path: Path) -> None:
    found = page(tmp_path, hunt(row(), row(fault="doubled")))
    assert "hidden" in next(found.all("form")), "it does nothing without its script"
    assert [a["data-family"] for a in found.all("article")] == ["entries", "entries", "axes"]
    rows = {a["data-fault"] for a in found.all("tr") if "data-fault" in a}
    assert rows == {a["id"] for a in found.all("article")}
    assert re.search(r"Family of faults\s+all\s+entries\s+axes", found.text)


def test_the_least_sensitive_of_several_is_shown(tmp_path: Path) -> None:
    told = [
        {"identity": "relu", "dtype": "float32", "whole": 2e-7, "entry": None},
        {"identity": "relu", "dtype": "float32", "whole": 3e-6, "entry": 0.5, "runs": 100},
        {"identity": "gelu", "dtype": "float64", "whole": None, "entry": "inf"},
    ]
    text = page(tmp_path, hunt(row(), sensitivity=told)).text
    assert re.search(r"relu\s+3\.0e-06\s*none found\s*not tried\s*not tried", text)
    assert re.search(r"gelu\s+not tried\s*not tried\s*none found\s*not finite", text)
    assert "How small an error" not in page(tmp_path, hunt(row())).text


def test_a_full_hunt_is_quick_and_small(tmp_path: Path) -> None:
    teeth = read(tmp_path, full_size())
    assert len(teeth.faults) == len(FAULTS)
    assert len(teeth.rows) > 20_000
    started = time.process_time()
    text = render(teeth)
    assert time.process_time() - started < 10
    assert len(text.encode()) < 2_000_000


def test_thousands_of_survivors_stay_readable(tmp_path: Path) -> None:
    rows = [row(identity=f"identity_{n}", outcome="survived") for n in range(3000)]
    text = render(read(tmp_path, hunt(*rows)))
    assert "And 2,000 more, in" in text
    assert text.count("<li><div>") == 1000
    assert len(text.encode()) < 2_000_000


def test_the_report_links_to_it_where_it_lies_there(tmp_path: Path) -> None:
    synthetic.write(tmp_path / "ledger.jsonl", synthetic.full_size())
    write_views(tmp_path)
    alone = (tmp_path / "report.html").read_text()
    assert "teeth.html" not in alone
    (tmp_path / "teeth.json").write_text("{}")
    write_views(tmp_path)
    assert (tmp_path / "report.html").read_text() == alone, "no link that leads nowhere"
    (tmp_path / "teeth.html").write_text("")
    write_views(tmp_path)
    linked = (tmp_path / "report.html").read_text()
    added = set(linked.splitlines()) - set(alone.splitlines())
    assert ['<a href="teeth.html">faults on purpose</a>' in line for line in added] == [True]
    assert linked.replace(f"{added.pop()}\n", "") == alone
    assert linked.count("teeth.html") == 1
