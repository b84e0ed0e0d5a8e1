"""The recorder: a pytest plugin that writes each verdict to the ledger as it comes.

It lives in the process that reports: pytest's own, or xdist's controller. Rows arrive with the test
reports; a test that died without any leaves a row that says so, so that nothing lost is a pass.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ..laws.cases import parse
from ..laws.verdicts import FAILURES
from ..reports.ledger import LedgerWriter, read_ledger
from ..reports.reproduce import write_script
from ..reports.terminal import table
from ..reports.views import write_views
from .environment import environment
from .last_words import last_words
from .selection import Selection, Target

Row = dict[str, Any]


class Recorder:
    """Writes ``DIR/ledger.jsonl``, the scripts, and at the end the views; none without DIR."""

    def __init__(self, selection: Selection, out: str | None, arguments: Sequence[str]) -> None:
        self.directory = Path(out) if out else None
        self._selection = selection
        self._targets = {target.id: target for target in selection.targets()}
        self._spec = {backend.name: spec for spec, backend in selection.backends}
        self._items = 0
        self._interrupted = False
        self._notes = Path(tempfile.mkdtemp(prefix="gradient-conformance-"))
        self._writer: LedgerWriter | None = None
        if self.directory is not None:
            _remove_old(self.directory)
            self._writer = LedgerWriter(
                self.directory / "ledger.jsonl", environment(selection, arguments)
            )

    @property
    def tests(self) -> int:
        """How many tests there are: one for each target, one of agreement for each group."""
        groups = {(t.implementation.identity, t.dtype) for t in self._targets.values()}
        return len(self._targets) + len(groups)

    def record(self, rows: Sequence[Row]) -> None:
        """Write rows, and a script for each that shows a failure."""
        if self._writer is None or self.directory is None:
            return
        for row in rows:
            travelling = ("conventions", "accuracy")
            self._writer.verdict({k: x for k, x in row.items() if k not in travelling})
            for line in row.get("conventions", []):
                self._writer.convention(line)
            for line in row.get("accuracy", []):
                self._writer.accuracy(line)
            if row.get("script"):
                with suppress(OSError, ValueError):  # a lost script must not lose the verdicts
                    write_script(self.directory / row["script"], row, self._spec[row["backend"]])

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hand each worker of pytest-xdist the folder for its last words."""
        node.workerinput["last_words"] = str(self._notes)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the rows of a finished test, or say what became of one that has none."""
        if "test_conforms[" not in report.nodeid and "test_agrees[" not in report.nodeid:
            return
        batches = getattr(report, "conformance", None)
        for rows in batches or []:
            self.record(rows)
        self._items += report.when == "call"
        told = [row for rows in batches or [] for row in rows if row["verdict"] in FAILURES]
        if report.failed and not told:
            self.record(self._without_verdict(report))

    def _without_verdict(self, report: pytest.TestReport) -> list[Row]:
        from .conduct import plain_row

        name = report.nodeid.rpartition("[")[2].rstrip("]").partition("@")[0]
        text = str(report.longrepr or "no report")
        crashed = "crashed" in text and report.when not in ("setup", "call", "teardown")
        agreeing = [
            t for t in self._targets.values() if f"{t.implementation.identity}-{t.dtype}" == name
        ]
        target: Target | None = self._targets.get(name) or next(iter(agreeing), None)
        if target is None:
            return []
        law = "agreement" if agreeing else self._selection.laws[0]
        if crashed:
            return [self._death(target, law, name, report)]
        raised = getattr(report.longrepr, "reprcrash", None)  # what was raised, and not where
        message = raised.message.splitlines()[0] if raised else " ".join(text.splitlines()[-1:])
        said = f"the test ended before it came to its last verdict: {message}"
        return [plain_row(target, self._selection, law, "error", said)]

    def _death(self, target: Target, law: str, test: str, report: Any) -> Row:
        """The row of a test in which the worker died, with the case that was being tried."""
        from .conduct import plain_row

        worker = report.node.gateway.id if hasattr(report, "node") else ""
        last = last_words(self._notes, worker, test)
        if last is None:
            said = f"the process of the test died: {report.longrepr}"
            return plain_row(target, self._selection, law, "crash", said)
        case = parse(target.implementation.identity, target.dtype, last.case)
        seconds = self._selection.seconds
        verdict, what = (
            ("timeout", f"no answer within {seconds:g} s, and no interrupt reached the call")
            if last.hung
            else ("crash", "the process died")
        )
        said = f"{what}; the cases and laws that were to follow were not tried"
        return plain_row(target, self._selection, law, verdict, said, case=case)

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that the run was cut short."""
        self._interrupted = True

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the last line and the views, also after Ctrl-C."""
        if self._writer is None or self.directory is None:
            return
        shutil.rmtree(self._notes, ignore_errors=True)
        self._writer.end(exit=int(exitstatus), interrupted=self._interrupted, items=self._items)
        write_views(self.directory)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the table of the ledger."""
        if self.directory is None:
            return
        colour = terminalreporter._tw.hasmarkup
        ledger = read_ledger(self.directory / "ledger.jsonl")
        terminalreporter.write_line("")
        terminalreporter.write_line(table(ledger, colour=colour))


def _remove_old(directory: Path) -> None:
    """Remove what an earlier run left, so that nothing old stands beside a new ledger."""
    for name in ("report.md", "report.html", "findings.html", "badge.svg", "badge.json"):
        (directory / name).unlink(missing_ok=True)
    for script in (directory / "reproduce").glob("*.py"):
        script.unlink()
