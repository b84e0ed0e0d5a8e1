"""Each finding is shown by its script alone, and the page says what the scripts print."""

from __future__ import annotations

import dataclasses
import importlib.metadata
from pathlib import Path

import pytest

from gradient_conformance.reports.findings_page import (
    BadScript,
    Finding,
    page,
    read_script,
    run_script,
)
from gradient_conformance.tests.test_documents import CHECKOUT

FOLDER = CHECKOUT / "reports"
SCRIPTS = sorted((FOLDER / "findings").glob("*.py"))
INSTALLED_AS = {"paddle": "paddlepaddle", "tensorflow": "tensorflow-cpu"}
ON_SOME_PROCESSORS = ("torch_conv2d_1x1_float16_crash.py",)


def version_of(framework: str) -> str:
    try:
        found = importlib.metadata.version(INSTALLED_AS.get(framework, framework))
    except importlib.metadata.PackageNotFoundError:
        return ""
    return found.partition("+")[0]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_finding_shows(path: Path) -> None:
    """In the version that it is about; another, or none, is said not to be tried."""
    said = read_script(path)
    if (installed := version_of(said.framework)) != said.version:
        pytest.skip(f"about {said.framework} {said.version}; installed is {installed or 'none'}")
    found = run_script(path)
    assert found.shows or path.name in ON_SOME_PROCESSORS, (found.expected, found.got)
    assert found.expected != found.got


@pytest.mark.skipif(not SCRIPTS, reason="the scripts are in a checkout only")
def test_the_page_has_every_script_and_no_other() -> None:
    text = (FOLDER / "FINDINGS.md").read_text(encoding="utf-8")
    listed = {
        line.split("](findings/")[1].split(")")[0]
        for line in text.splitlines()
        if "](findings/" in line
    }
    assert listed == {path.name for path in SCRIPTS}
    for path in SCRIPTS:
        said = read_script(path)
        assert said.cause in text
        assert said.upstream in text


@pytest.mark.skipif(not SCRIPTS, reason="the scripts are in a checkout only")
def test_a_script_uses_nothing_of_ours() -> None:
    assert not [path.name for path in SCRIPTS if "gradient_conformance" in path.read_text("utf-8")]


def test_a_script_that_says_too_little_is_refused(tmp_path: Path) -> None:
    script = tmp_path / "torch_odd.py"
    for text in (
        '"""PyTorch 2.13.0: odd."""',
        '"""JAX 0.10.2: odd.\n\nupstream: none found\n"""',
        "1",
    ):
        script.write_text(text, encoding="utf-8")
        with pytest.raises(BadScript, match=r"torch_odd\.py: its docstring begins with"):
            read_script(script)


@pytest.mark.parametrize("rest", ["raise SystemExit(2)", "print('expected', 1)", "1 / 0"])
def test_a_script_that_shows_nothing_is_refused(rest: str, tmp_path: Path) -> None:
    script = tmp_path / "torch_odd.py"
    script.write_text(f'"""PyTorch 2.13.0: odd.\n\nupstream: none found\n"""\n{rest}\n', "utf-8")
    with pytest.raises(BadScript, match=r"torch_odd\.py ended with status"):
        run_script(script)


def test_the_page_says_what_was_printed(tmp_path: Path) -> None:
    script = tmp_path / "torch_odd.py"
    script.write_text(
        '"""PyTorch 2.13.0: the slope is odd, at\nsome point.\n\nupstream: https://x.org/1\n"""\n'
        "print('expected', 0.25)\nprint('got     ', 0.5)\nraise SystemExit(0)\n",
        "utf-8",
    )
    found = run_script(script)
    assert found == Finding(
        "torch_odd.py", "torch", "2.13.0", "the slope is odd, at some point.", "https://x.org/1",
        "0.25", "0.5", shows=True,
    )  # fmt: skip
    text = page([found])
    assert "## PyTorch 2.13.0" in text
    assert "* the slope is odd, at some point.  \n  expected `0.25`, got `0.5` · " in text
    assert "upstream: [thread](https://x.org/1)" in text
    assert page([], text) == text  # what was not run again stays
    again = dataclasses.replace(found, got="0.75", version="2.14.0")
    assert "0.5`" not in page([again], text)
    assert "2.13.0" not in page([again], text)
