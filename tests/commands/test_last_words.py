"""What a worker writes down before it tries something, and that it closes what it opened."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gradient_conformance.commands import last_words as module
from gradient_conformance.commands.last_words import (
    LastWords,
    last_words,
    trying,
    write_into,
    write_no_more,
)
from gradient_conformance.laws import time_limit

from .command_line import environment


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the notes of a worker, which is this process; it may be one already."""
    for where, name in ((module, "_note"), (module, "_trace"), (time_limit, "_watchdog")):
        monkeypatch.setattr(where, name, [])
    write_into(tmp_path, "gw0")
    return tmp_path


def test_the_case_of_the_last_test_is_told(worker: Path) -> None:
    trying("square", "...=1")
    trying("square", "...=2")
    assert last_words(worker, "gw0", "square") == LastWords("...=2", hung=False)
    assert last_words(worker, "gw0", "trace") is None
    assert last_words(worker, "gw1", "square") is None
    write_no_more()


def test_a_trace_says_that_it_hung(worker: Path) -> None:
    trying("square", "...=1")
    module._trace[0].write("Timeout")
    write_no_more()
    assert last_words(worker, "gw0", "square") == LastWords("...=1", hung=True)


def test_afterwards_nothing_is_open_and_nothing_is_noted(worker: Path) -> None:
    (trace,) = module._trace
    write_no_more()
    assert trace.closed
    assert not time_limit._watchdog
    trying("square", "...=1")
    assert last_words(worker, "gw0", "square") is None


WORKER = """
import sys

import pytest


class AsOne:
    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config):
        config.workerinput = {"last_words": sys.argv[1], "workerid": "gw0"}


package = sys.argv[2]
words = [f"--rootdir={package}", f"--config-file={package}/pytest.ini", "-p", "no:cacheprovider"]
words += ["-p", "no:faulthandler", "--backend=numpy", "--identity=square", "--dtype=float64"]
status = pytest.main([f"{package}/tests/conformance", "-q", *words], plugins=[AsOne()])

from gradient_conformance.commands import last_words
from gradient_conformance.laws import time_limit

time_limit._watchdog.clear()
last_words._trace.clear()  # as the end of the interpreter does, sooner or later
sys.exit(status)
"""


def test_a_worker_leaves_no_file_open(tmp_path: Path) -> None:
    """As xdist starts one, but that nobody ends it."""
    package = Path(module.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", WORKER, str(tmp_path), str(package)],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "gw0.json").exists()
    assert (tmp_path / "gw0.hung").read_text() == ""
    assert "ResourceWarning" not in done.stdout + done.stderr
