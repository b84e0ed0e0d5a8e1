"""How far a run is: a line with rate and time left, while somebody looks at a terminal."""

from __future__ import annotations

import sys

import pytest
from tqdm import tqdm

LINE = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{remaining} left, {rate_noinv_fmt}{postfix}]"
"""``45%|████     | 9/20 [00:05 left, 1.99 tests/s, 3 failing]``."""


class Progress:
    """A pytest plugin in the process that reports; it takes the place of the dots.

    ``total`` is the number of tests. Where standard error is no terminal there are dots, and no
    line.
    """

    def __init__(self, total: int) -> None:
        # The stream that no test's output is captured from.
        self._bar = tqdm(
            total=total,
            unit=" tests",
            file=sys.__stderr__,
            dynamic_ncols=True,
            leave=False,
            bar_format=LINE,
        )
        self._failed = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """No letter for a test: the line says it."""
        return (report.outcome, "", "") if report.when == "call" or report.failed else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test that ended, in whatever way."""
        if report.when == "call" or report.failed or (report.skipped and report.when == "setup"):
            self._failed += report.failed
            self._bar.set_postfix_str(f"{self._failed} failing" if self._failed else "")
            self._bar.update()

    def pytest_sessionfinish(self) -> None:
        """Take the line away."""
        self._bar.close()


def wants_line(config: pytest.Config) -> bool:
    """Whether to draw a line: on a terminal, and not where pytest is told to say more."""
    return sys.__stderr__ is not None and sys.__stderr__.isatty() and config.option.verbose <= 0
