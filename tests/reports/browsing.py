"""A browser for the tests: chromium by its driver, and the report as a reader sees and uses it.

They need chromium and its driver (Debian: chromium-driver), and are skipped without them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from .pages import folder

__all__ = ["folder"]

webdriver = pytest.importorskip("selenium.webdriver")
Keys = webdriver.Keys
WebDriverWait = pytest.importorskip("selenium.webdriver.support.ui").WebDriverWait
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

needs_browser = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None,
    reason="there is no chromium with its driver here (Debian: chromium-driver)",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A window of 1200 × 900."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = tmp_path_factory.mktemp("profile")
    for argument in ("headless", "no-sandbox", "disable-gpu", f"user-data-dir={profile}"):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with webdriver.Chrome(options, webdriver.ChromeService(DRIVER)) as browser:
        browser.set_window_size(1200, 900)
        yield browser


def opened(browser: Any, page: Path, query: str = "") -> Any:
    """The browser with the page, its logs empty before; its data is unpacked."""
    browser.get("about:blank")
    for log in ("browser", "performance"):
        browser.get_log(log)
    browser.get(f"{page.as_uri()}{query}")
    unpacked = (
        "return !document.getElementById('verdicts') || !document.getElementById('view').hidden"
    )
    WebDriverWait(browser, 10, 0.02).until(lambda page: page.execute_script(unpacked))
    return browser


def asked_for(browser: Any) -> list[str]:
    """What the page had the browser fetch since the logs were read, itself included."""
    return [
        entry["message"]
        for entry in browser.get_log("performance")
        if '"Network.requestWillBeSent"' in entry["message"]
    ]


@contextmanager
def narrow(browser: Any, width: int) -> Iterator[None]:
    """A window of another width, as a phone has it below 500."""
    told = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", told)
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


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
