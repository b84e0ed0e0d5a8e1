"""What a reader chooses in the report is shown, and is in the address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports.views import write_views

from .browsing import (
    address,
    browser,
    cell,
    choose,
    details,
    folder,
    needs_browser,
    opened,
    page,
    press,
    rows,
)
from .synthetic import end, environment, failure, verdict, write

__all__ = ["browser", "folder", "page"]

pytestmark = needs_browser


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
