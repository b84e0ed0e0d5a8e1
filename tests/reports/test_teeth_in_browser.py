"""The page of faults in a browser: what is chosen is shown, and is in the address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports.teeth import write_teeth_views

from . import hunts
from .browsing import address, browser, needs_browser, opened

__all__ = ["browser"]

pytestmark = needs_browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("teeth")
    rows = [hunts.row(fault=name) for name in ("sign", "doubled", "transposed")]
    hunts.write(folder, hunts.hunt(*rows))
    write_teeth_views(folder)
    return folder


def seen(page: Any) -> list[str]:
    """The faults whose part of the page is seen, and the rows of the table, which must be alike."""
    articles, rows = page.execute_script(
        "const names = (selector) => [...document.querySelectorAll(selector)]"
        ".filter((e) => e.offsetParent).map((e) => e.textContent.trim());"
        "return [names('#faults article h4'), names('.kills tbody [data-fault] th')]"
    )
    assert articles == rows
    return articles


def test_a_family_and_words_are_in_the_address(browser: Any, folder: Path) -> None:
    page = opened(browser, folder / "teeth.html")
    assert seen(page) == ["sign", "doubled", "transposed"]
    assert address(page) == {}
    page.find_element("css selector", "#choose option[value='entries']").click()
    assert seen(page) == ["sign", "doubled"]
    assert address(page) == {"family": "entries"}
    page.find_element("name", "q").send_keys("sign wrong")
    assert seen(page) == ["sign"]
    assert address(page) == {"family": "entries", "q": "sign wrong"}
    assert "1 of 3 faults are shown" in page.find_element("id", "chosen").text
    assert page.get_log("browser") == []


def test_a_link_is_a_view(browser: Any, folder: Path) -> None:
    page = opened(browser, folder / "teeth.html", "?family=axes")
    assert seen(page) == ["transposed"]
    page = opened(browser, folder / "teeth.html", "?family=no+such&q=DOUBLED&__proto__=1")
    assert seen(page) == ["doubled"]
    assert address(page)["q"] == "DOUBLED"
    assert page.get_log("browser") == []


def test_a_link_to_a_fault_that_is_hidden_shows_it(browser: Any, folder: Path) -> None:
    page = opened(browser, folder / "teeth.html", "?family=axes#fault-1")
    assert seen(page) == ["sign", "doubled", "transposed"]
    assert address(page) == {}


def test_printed_what_was_chosen_is_there(browser: Any, folder: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert (
            not opened(browser, folder / "teeth.html").find_element("id", "choose").is_displayed()
        )
        page = opened(browser, folder / "teeth.html", "?family=axes")
        assert page.find_element("id", "choose").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
