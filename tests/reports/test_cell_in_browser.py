"""A cell of the report opens its worst case, and leads on to all that is known of it."""

from __future__ import annotations

import ast
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from gradient_conformance.laws.witness import DERIVATIVE
from gradient_conformance.reports.views import write_views
from gradient_conformance.tests.commands.command_line import BROKEN, command, verdicts

from .browsing import (
    Keys,
    address,
    browser,
    details,
    folder,
    narrow,
    needs_browser,
    opened,
    page,
    press,
)
from .synthetic import HOSTILE, end, environment, failure, verdict, write

__all__ = ["browser", "folder", "page"]

pytestmark = needs_browser


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
    assert shlex.split(page.find_element("css selector", "dialog pre.command").text) == [
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


def test_a_cell_has_the_input_and_the_third_vote(browser: Any, tmp_path: Path) -> None:
    worst = {"at": [0, 1], "expected": -20.0, "got": -10.0, "tolerance": 2e-5}
    line = failure(message=f"at [0, 1] expected -20, got -10; {DERIVATIVE}", worst=worst)
    write(tmp_path / "ledger.jsonl", [environment(), line, end(exit=1)])
    write_views(tmp_path)
    page = opened(browser, tmp_path / "report.html", "?cell=least_squares+torch+native")
    for part in (
        "at [0, 1] expected -20, got -10\n",
        f"Third vote\n{DERIVATIVE}",
        "Tolerance\n2e-05 (17 roundings of what is expected)",
        "Made of\n76 % rounding of the inputs and of each step of the formula, 24 % rounding of",
        "A = [[1, -0.5, 3], [0, 2, -1]]\nx = [10, 0.5, -0.0]\nb = [-30, 1]\nybar = -0.25",
    ):
        assert part in details(page)


WRONG = f"{BROKEN}:IgnoresCotangent"


@pytest.mark.parametrize(
    ("backends", "law", "case", "given"),
    [
        ([WRONG], "gradient", "...=2 n=3 regime=ties seed=1", "arguments = {"),
        ([WRONG], "gradient", "...=9 n=9 regime=ties seed=1", "arguments = None"),
        ([WRONG, "numpy"], "agreement", "...=2 n=3 regime=ordinary seed=1", "arguments = {"),
    ],
    ids=["with its arrays", "the case makes them", "agreement"],
)
def test_the_script_of_a_cell_shows_it_again(
    browser: Any, tmp_path: Path, backends: list[str], law: str, case: str, given: str
) -> None:
    named = [word for name in backends for word in ("--backend", name)]
    words = ["run", "--identity", "softmax", "--dtype", "float32", *named, "--law", law]
    assert command(*words, "--case", case, "--out", "report", cwd=tmp_path).returncode == 1
    name = "ignores_cotangent"
    page = opened(browser, tmp_path / "report" / "report.html", f"?cell=softmax+{name}+native")
    script = shown_in(page, "dialog pre.script")
    assert given in script
    (tmp_path / "shown.py").write_text(script, encoding="utf-8")
    said = subprocess.run(
        [sys.executable, "shown.py"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert said.returncode == 1, said.stderr
    assert f"{law} for z: wrong" in said.stdout
    commands = {line["reproduce"] for line in verdicts(tmp_path / "report")}
    assert shown_in(page, "dialog pre.command") in commands


def test_input_that_is_not_in_the_page_is_said_to_be_elsewhere(
    browser: Any, tmp_path: Path
) -> None:
    """The case is of another catalogue, as the ledger is of an older version."""
    line = verdict(case="...=2 n=3 regime=ties seed=1", identity="softmax")
    write(tmp_path / "ledger.jsonl", [environment(), line, end()])
    write_views(tmp_path)
    page = opened(browser, tmp_path / "report.html", "?cell=softmax+torch+native")
    said = "Input\nNot in this page: the command and the script build it from the case."
    assert said in details(page)
    assert "arguments = None  # not in the page" in shown_in(page, "dialog pre.script")


@pytest.mark.parametrize(
    ("name", "spec", "needed"),
    [("jax@cpu:1", "jax@cpu:1", False), ("off@toy:1", "mine:Off@toy:1", True)],
)
def test_a_script_names_the_folder_of_an_adapter_that_lies_there(
    browser: Any, tmp_path: Path, name: str, spec: str, needed: bool
) -> None:
    told = f"gradient-conformance run --backend {spec} --route native"
    line = failure(backend=name, route="native", reproduce=told)
    write(tmp_path / "ledger.jsonl", [environment(), line, end()])
    write_views(tmp_path)
    page = opened(browser, tmp_path / "report.html")
    press(page, line["identity"], name, "native")
    script = shown_in(page, "dialog pre.script")
    assert spec in script
    assert ("sys.path.insert" in script) is needed


def shown_in(page: Any, selector: str) -> str:
    return page.find_element("css selector", selector).get_attribute("textContent")


def test_nothing_in_a_ledger_becomes_code_in_a_script(browser: Any, tmp_path: Path) -> None:
    names = dict.fromkeys(("identity", "backend", "route", "law", "wrt", "case"), HOSTILE)
    evil = {"x": [["__import__('os').system('reboot')"]]}
    line = failure(**names, message=f"{HOSTILE}\rimport os\nimport os", shown=None)
    line["shown"] = {"arguments": evil, "ybar": 1.0}
    write(tmp_path / "ledger.jsonl", [environment(), line, end(exit=1)])
    write_views(tmp_path)
    page = opened(browser, tmp_path / "report.html")
    page.find_element("css selector", ".matrix button").click()
    script = ast.parse(shown_in(page, "dialog pre.script"))
    calls = [node for node in ast.walk(script) if isinstance(node, ast.Call)]
    (call,) = [one for one in calls if isinstance(one.func, ast.Name)]
    assert [type(statement).__name__ for statement in script.body] == [
        "Import", "ImportFrom", "ImportFrom", "Assign", "Assign", "Expr",
    ]  # fmt: skip
    values = {word.arg: word.value for word in call.keywords}
    shown = HOSTILE.replace("\x1b", "\\x1b").replace("\x07", "\\x07").replace("\u202e", "\\u202e")
    for name in names.keys() - {"backend"}:
        assert ast.literal_eval(values[name]) == shown


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
    again = page.find_element("css selector", "dialog pre.command").text
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
    assert page.find_element("css selector", "dialog pre.command").text == command
    assert "Entry [1]\nexpected 0.001, got 0.00100001" in details(page)
    assert "1e-06 (1.7e+04 roundings of what is expected: what it is computed" in details(page)


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


def test_of_a_type_that_is_not_known_the_digits_are_told_alone(
    browser: Any, tmp_path: Path
) -> None:
    write(tmp_path / "ledger.jsonl", [environment(), verdict(dtype="float8", digits=0.0), end()])
    write_views(tmp_path)
    page = opened(browser, tmp_path / "report.html", "?cell=least_squares+torch+native")
    assert "gradient of A in float8, 0.0 digits right" in details(page)


def test_on_a_phone_the_details_fit(browser: Any, folder: Path) -> None:
    with narrow(browser, 390):
        page = opened(browser, folder / "report.html", "?cell=least_squares+torch+native")
        inside = "const d = document.querySelector('dialog'); return [d.scrollWidth, d.clientWidth]"
        wide, room = page.execute_script(inside)
        assert 300 < wide <= room
