"""The report under a reader's hands: filters, details of a cell, links, and no complaint.

They need chromium and its driver (Debian: chromium-driver), and are skipped without them.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gradient_conformance.reports.views import write_views

from .browsing import Keys, asked_for, browser, narrow, needs_browser, opened
from .synthetic import HOSTILE, end, environment, failure, full_size, verdict, write

__all__ = ["browser"]
pytestmark = needs_browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write(folder / "ledger.jsonl", full_size())
    write_views(folder)
    return folder


@pytest.fixture
def page(browser: Any, folder: Path) -> Iterator[Any]:
    """The report, opened; afterwards the console must be empty."""
    yield opened(browser, folder / "report.html")
    assert browser.get_log("browser") == []


def choose(page: Any, name: str, value: str) -> None:
    page.find_element("css selector", f"#view [name={name}] option[value='{value}']").click()


def rows(page: Any) -> list[str]:
    """The identities that are seen."""
    return page.execute_script(
        "return [...document.querySelectorAll('.matrix tbody tr:not(.family)')]"
        ".filter((row) => row.offsetParent).map((row) => row.cells[0].textContent.trim())"
    )


def cell(page: Any, identity: str, library: str, route: str) -> Any:
    return page.execute_script(
        "const [identity, library, route] = arguments;"
        "const column = data.columns.findIndex(([a, b]) => a === library && b === route);"
        "const row = document.getElementById(`identity-${data.identities.indexOf(identity) + 1}`);"
        "return row.parentElement.cells[column + 1];",
        identity, library, route,
    )  # fmt: skip


def address(page: Any) -> dict[str, str]:
    found = parse_qs(urlsplit(page.current_url).query)
    return {name: values[0] for name, values in found.items()}


def details(page: Any) -> str:
    return page.find_element("css selector", "dialog[open]").text


def press(page: Any, identity: str, library: str, route: str) -> None:
    place = cell(page, identity, library, route)
    page.execute_script("arguments[0].querySelector('button').click()", place)


def test_a_type_is_chosen_and_is_in_the_address(page: Any) -> None:
    before = cell(page, "softmax", "torch", "composed").text
    choose(page, "type", "float64")
    assert "of 15.9" in cell(page, "softmax", "torch", "composed").text
    assert "of 7.2" in before
    assert address(page) == {"type": "float64"}


def test_a_law_is_chosen(page: Any) -> None:
    choose(page, "law", "cotangent_linearity")
    assert "error" in cell(page, "logsumexp", "jax", "composed").text
    assert "✓ pass" in cell(page, "gelu", "jax", "native").text, "its gradient fails, not this law"
    choose(page, "law", "gradient")
    assert "imprecise" in cell(page, "gelu", "jax", "native").text


def test_a_library_is_chosen(page: Any) -> None:
    choose(page, "library", "numpy")
    assert cell(page, "softmax", "numpy", "native").is_displayed()
    assert not cell(page, "softmax", "torch", "native").is_displayed()


def test_a_verdict_is_looked_for_in_the_columns_that_are_seen(page: Any) -> None:
    choose(page, "verdict", "wrong")
    assert rows(page) == ["least_squares"]
    choose(page, "library", "jax")
    assert rows(page) == []


def test_a_verdict_behind_a_worse_one_is_found(browser: Any, tmp_path: Path) -> None:
    lines = [verdict(), verdict(law="value", wrt=None, verdict="undecided", message="nothing")]
    lines += [failure(identity="square"), failure(identity="square", law="value", verdict="error")]
    write(tmp_path / "ledger.jsonl", [environment(), *lines, end(exit=1)])
    write_views(tmp_path)
    page = opened(browser, tmp_path / "report.html", "?verdict=undecided")
    assert rows(page) == ["least_squares"]
    press(page, "least_squares", "torch", "native")
    assert "? undecided: value" in details(page)
    page = opened(browser, tmp_path / "report.html", "?verdict=wrong&law=value")
    assert rows(page) == []
    page = opened(browser, tmp_path / "report.html", "?verdict=wrong&law=gradient")
    assert rows(page) == ["square"]


def test_a_family_and_words_and_back(page: Any) -> None:
    everything = rows(page)
    choose(page, "family", "softmax")
    assert rows(page) == ["log_softmax", "logsumexp", "softmax", "softmax_cross_entropy"]
    page.find_element("name", "q").send_keys("log_")
    assert rows(page) == ["log_softmax"]
    assert address(page) == {"family": "softmax", "q": "log_"}
    page.find_element("css selector", "#view [type=reset]").click()
    assert rows(page) == everything
    assert address(page) == {}


def test_a_link_is_a_view(browser: Any, folder: Path) -> None:
    page = opened(
        browser,
        folder / "report.html",
        "?family=softmax&type=float64&law=value&cell=softmax+jax+native",
    )
    assert rows(page) == ["log_softmax", "logsumexp", "softmax", "softmax_cross_entropy"]
    assert details(page).startswith("Close\nsoftmax by jax, native")
    assert "value in float64" in details(page)


@pytest.mark.parametrize(
    "query",
    ["?cell=no+such+cell", "?type=float8&law=%3Cb%3E&cell=", "?q=[*", "?length=1&__proto__=1&0=1"],
)
def test_an_address_that_means_nothing_is_no_error(browser: Any, folder: Path, query: str) -> None:
    page = opened(browser, folder / "report.html", query)
    assert browser.get_log("browser") == []
    assert not page.find_elements("css selector", "dialog[open]")
    assert page.find_element("id", "view").is_displayed(), "the filters are there all the same"


def test_a_cell_is_found_again_by_names_with_spaces(browser: Any, tmp_path: Path) -> None:
    places = [("two words", "my library", "a b"), ("two", "words", "a b"), ("__proto__",) * 3]
    lines = [verdict(identity=i, backend=b, route=r) for i, b, r in places]
    write(tmp_path / "ledger.jsonl", [environment(), *lines, end()])
    write_views(tmp_path)
    for identity, library, route in places:
        page = opened(browser, tmp_path / "report.html")
        press(page, identity, library, route)
        page = opened(browser, tmp_path / "report.html", f"?{urlsplit(page.current_url).query}")
        assert details(page).startswith(f"Close\n{identity} by {library}, {route}")


def test_what_a_command_is_made_of_is_quoted_or_left_out(browser: Any, tmp_path: Path) -> None:
    line = verdict(identity="it's $(reboot)", case="", law="value")
    unknown = environment(seed=None, profile="")
    write(tmp_path / "ledger.jsonl", [unknown, line, end()])
    write_views(tmp_path)
    page = opened(browser, tmp_path / "report.html")
    press(page, "it's $(reboot)", "torch", "native")
    assert shlex.split(page.find_element("css selector", "dialog pre").text) == [
        "gradient-conformance", "run", "--identity", "it's $(reboot)", "--dtype", "float32",
        "--backend", "torch", "--route", "native", "--law", "value",
    ]  # fmt: skip


def test_a_cell_opens_its_worst_case(page: Any) -> None:
    press(page, "least_squares", "torch", "native")
    told = failure()
    for part in (
        "least_squares by torch, native", "✗ wrong: gradient of A in float64", "0.3 of 15.9 digits",
        told["message"], told["case"], "1.9e+06 times the tolerance", "14 tried, 2 undecided",
        told["reproduce"],
    ):  # fmt: skip
        assert part in details(page)
    assert address(page) == {"cell": "least_squares torch native"}
    page.find_element("css selector", "dialog .close").click()
    assert address(page) == {}
    assert not page.find_elements("css selector", "dialog[open]")


def test_a_failure_leads_to_all_its_numbers(page: Any) -> None:
    press(page, "least_squares", "torch", "native")
    page.find_element("link text", "All numbers of this finding").click()
    assert urlsplit(page.current_url).fragment.startswith("finding-")
    assert not page.find_elements("css selector", "dialog[open]")


def test_every_law_of_a_cell_can_be_looked_at(page: Any) -> None:
    press(page, "softmax", "torch", "composed")
    table = page.find_element("css selector", "dialog table").text
    for part in ("value", "gradient", "linearity in the cotangent", "float32", "float64"):
        assert part in table
    button = page.find_elements("css selector", "dialog tbody tr button")[-1]
    page.execute_script("arguments[0].click()", button)
    again = page.find_element("css selector", "dialog pre").text
    last = page.find_elements("css selector", "dialog tbody th")[-1].text
    assert f"✓ pass: {last}" in details(page)
    assert again.startswith("gradient-conformance run --identity softmax --dtype float32 ")


def test_the_command_is_the_one_of_the_ledger(browser: Any, tmp_path: Path) -> None:
    command = (
        "gradient-conformance run --identity least_squares --dtype float32 --backend torch "
        "--route native --law gradient --seed 0 --case '...=2x3 n=2 regime=special seed=7'"
    )
    line = verdict(case="...=2x3 n=2 regime=special seed=7", reproduce=command, worst={
        "at": [1], "expected": 1e-3, "got": 1.00001e-3, "tolerance": 1e-6,
    })  # fmt: skip
    write(tmp_path / "ledger.jsonl", [environment(), line, end()])
    write_views(tmp_path)
    page = opened(browser, tmp_path / "report.html", "?cell=least_squares+torch+native")
    assert page.find_element("css selector", "dialog pre").text == command
    assert "Entry [1]\nexpected 0.001, got 0.00100001" in details(page)
    assert "1e-06 (1.7e+04 roundings of what is expected: what it is computed" in details(page)


def test_hostile_text_acts_on_nothing_and_asks_for_nothing(browser: Any, tmp_path: Path) -> None:
    names = dict.fromkeys(("identity", "backend", "route", "law", "wrt", "family"), HOSTILE)
    told = {**names, "message": HOSTILE, "case": HOSTILE, "reproduce": HOSTILE, "issue": HOSTILE}
    write(tmp_path / "ledger.jsonl", [environment(), failure(**told), verdict(), end(exit=1)])
    write_views(tmp_path)
    page = opened(browser, tmp_path / "report.html")
    for button in page.find_elements("css selector", ".matrix button"):
        page.execute_script("arguments[0].click()", button)
    text = page.execute_script("return document.body.textContent")
    assert "<script>alert(1)</script>" in text
    assert "\u202e" not in text
    assert page.get_log("browser") == []
    assert len(asked_for(page)) == 1, "the page itself"


def test_the_keyboard_comes_back_to_the_cell(browser: Any, folder: Path) -> None:
    where = "return document.activeElement.closest('td')?.parentElement.cells[0].textContent.trim()"
    page = opened(browser, folder / "report.html", "?cell=softmax+torch+native")
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not page.find_elements("css selector", "dialog[open]")
    assert page.execute_script(where) == "softmax"
    assert address(page) == {}
    page.switch_to.active_element.send_keys(Keys.ENTER)
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert page.execute_script(where) == "softmax"


def test_printed_what_was_chosen_is_there(page: Any) -> None:
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        filters = page.find_element("id", "view")
        assert not filters.is_displayed()
        page.execute_script("view.elements.q.value = 'softmax'; narrow()")
        assert filters.is_displayed()
        assert "4 of 28" in filters.text
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_what_printing_unfolds_is_folded_afterwards(page: Any) -> None:
    folded = "return document.querySelectorAll('details:not([open])').length"
    before = page.execute_script(folded)
    assert before > 0
    page.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert page.execute_script(folded) == 0
    page.execute_script("dispatchEvent(new Event('afterprint'))")
    assert page.execute_script(folded) == before


def test_of_a_type_that_is_not_known_the_digits_are_told_alone(
    browser: Any, tmp_path: Path
) -> None:
    write(tmp_path / "ledger.jsonl", [environment(), verdict(dtype="float8", digits=0.0), end()])
    write_views(tmp_path)
    page = opened(browser, tmp_path / "report.html", "?cell=least_squares+torch+native")
    assert "gradient of A in float8, 0.0 digits right" in details(page)


def test_on_a_phone_an_unfinished_run_fits(browser: Any, tmp_path: Path) -> None:
    write(tmp_path / "ledger.jsonl", [environment(), failure()])
    write_views(tmp_path)
    with narrow(browser, 390):
        page = opened(browser, tmp_path / "findings.html")
        assert "Incomplete: The run did not finish" in page.find_element("tag name", "header").text
        assert page.execute_script("return document.documentElement.scrollWidth") <= 390


def test_on_a_phone_the_details_fit(browser: Any, folder: Path) -> None:
    with narrow(browser, 390):
        page = opened(browser, folder / "report.html", "?cell=least_squares+torch+native")
        inside = "const d = document.querySelector('dialog'); return [d.scrollWidth, d.clientWidth]"
        wide, room = page.execute_script(inside)
        assert 300 < wide <= room
