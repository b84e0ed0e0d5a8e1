"""The report in a browser: text that is hostile, printing, and a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports.html import SEEN
from gradient_conformance.reports.views import write_views

from .browsing import WebDriverWait, asked_for, browser, folder, narrow, needs_browser, opened, page
from .synthetic import HOSTILE, end, environment, failure, verdict, write

__all__ = ["browser", "folder", "page"]

pytestmark = needs_browser


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


def test_printed_what_was_chosen_is_there(page: Any) -> None:
    filters = page.find_element("id", "view")
    try:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        assert not filters.is_displayed()
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        page.find_element("name", "q").send_keys("softmax")
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
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


def test_on_a_phone_an_unfinished_run_fits(browser: Any, tmp_path: Path) -> None:
    write(tmp_path / "ledger.jsonl", [environment(), failure()])
    write_views(tmp_path)
    with narrow(browser, 390):
        page = opened(browser, tmp_path / "findings.html")
        assert "Incomplete: The run did not finish" in page.find_element("tag name", "header").text
        assert page.execute_script("return document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [390, 1200])
def test_on_the_first_screen_each_finding_is_one_line(
    browser: Any, tmp_path: Path, width: int
) -> None:
    """Also where what is said of it is long."""
    arguments = ["weights_of_the_layer", "bias", "scale", "shift", "inputs_of_the_layer"]
    lines = [failure(identity=f"identity_{n}", wrt=wrt) for n in range(30) for wrt in arguments]
    write(tmp_path / "ledger.jsonl", [environment(), *lines, end(exit=1)])
    write_views(tmp_path)
    with narrow(browser, width):
        page = opened(browser, tmp_path / "report.html")
        tall, many, right = page.execute_script(
            "const lines = [...document.querySelectorAll('.findings li')];"
            "const boxes = lines.filter((e) => e.checkVisibility())"
            ".map((e) => e.getBoundingClientRect());"
            "const rights = boxes.map((b) => b.right);"
            "return [boxes.map((b) => b.height), boxes.length, Math.max(...rights)]"
        )
    assert many == SEEN
    assert max(tall) < 2 * 24, "a line is 24 pixels high"
    assert right <= width


def test_a_finding_unfolds_where_its_line_is_pressed(page: Any) -> None:
    folded = "return [...document.querySelectorAll('article > details')].map((e) => e.open)"
    assert page.execute_script(folded) == [False, False, False]
    page.find_element("css selector", ".findings li:nth-child(2) a").click()
    WebDriverWait(page, 5).until(lambda page: any(page.execute_script(folded)))
    assert page.execute_script(folded) == [False, True, False]
