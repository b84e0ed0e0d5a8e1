"""Every page in a browser: no complaint, nothing fetched, no link into the void, fit for phones."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from gradient_conformance.reports.comparison import Comparison
from gradient_conformance.reports.comparison_views import as_html as difference
from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.reports.teeth import write_teeth_views
from gradient_conformance.reports.trend import Trend
from gradient_conformance.reports.trend_views import as_html as trend
from gradient_conformance.reports.views import write_views

from . import hunts
from .browsing import asked_for, browser, narrow, needs_browser, opened
from .synthetic import full_size, write

__all__ = ["browser"]
pytestmark = needs_browser

PAGES = ("report", "findings", "catalogue", "teeth", "diff", "trend")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with failures after one without, and every page of both."""
    folder = tmp_path_factory.mktemp("pages")
    before = read_ledger(write(folder / "before.jsonl", full_size(failures=False)))
    hunts.write(folder, hunts.full_size(every=12))
    write_teeth_views(folder)
    write(folder / "ledger.jsonl", full_size())
    now = write_views(folder)
    (folder / "diff.html").write_text(difference(Comparison(before, now)), encoding="utf-8")
    (folder / "trend.html").write_text(trend(Trend((before, now))), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_complained_about_and_nothing_is_fetched(
    browser: Any, folder: Path, name: str
) -> None:
    page = opened(browser, folder / f"{name}.html")
    assert page.get_log("browser") == []
    assert len(asked_for(page)) == 1, "the page itself"
    assert len(page.find_elements("css selector", "h1")) == 1


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [390, 1200])
def test_the_page_never_scrolls_sideways(browser: Any, folder: Path, name: str, width: int) -> None:
    with narrow(browser, width):
        page = opened(browser, folder / f"{name}.html")
        size = "return [document.documentElement.scrollWidth, innerWidth]"
        wide, window = page.execute_script(size)
        assert wide <= window == width


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(browser: Any, folder: Path, name: str) -> None:
    page = opened(browser, folder / f"{name}.html")
    anchors: dict[str, set[str]] = {}
    targets = set(page.execute_script("return [...document.links].map((a) => a.href)"))
    local = [urlsplit(target) for target in targets if target.startswith("file:")]
    for target in sorted(local):
        where = Path(unquote(target.path))
        assert where.is_file(), target
        if target.fragment and where.name not in anchors:
            opened(browser, where)
            ids = "return [...document.querySelectorAll('[id]')].map((e) => e.id)"
            anchors[where.name] = set(browser.execute_script(ids))
        assert not target.fragment or unquote(target.fragment) in anchors[where.name], target


def shown(page: Any, selector: str) -> int:
    """How many elements take room."""
    return page.execute_script(
        "return [...document.querySelectorAll(arguments[0])].filter((e) => e.offsetParent).length",
        selector,
    )


def test_printed_the_report_has_everything_unfolded(browser: Any, folder: Path) -> None:
    page = opened(browser, folder / "report.html")
    page.execute_script("dispatchEvent(new Event('beforeprint'))")
    folded = "return document.querySelectorAll('details:not([open])').length"
    assert page.execute_script(folded) == 0
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert shown(page, "nav, #view, dialog") == 0
        assert shown(page, ".matrix td") > 100
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
