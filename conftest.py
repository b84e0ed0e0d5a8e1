"""pytest's options for a conformance run, and the ledger that the run writes."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from gradient_conformance.commands.last_words import write_into, write_no_more
from gradient_conformance.commands.options import add_options, selection_of
from gradient_conformance.commands.processes import one_thread_each
from gradient_conformance.commands.progress import Progress, wants_line
from gradient_conformance.commands.recording import Recorder
from gradient_conformance.commands.selection import BadChoice, Selection, Target
from gradient_conformance.implementations.declared import framework_of

CHOICE = pytest.StashKey[Selection]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of ``gradient-conformance run``."""
    add_options(parser.getgroup("gradient conformance").addoption, out=None)


def pytest_configure(config: pytest.Config) -> None:
    """Check the choice, and open the ledger where one is asked for."""
    if config.getoption("numprocesses", default=None):
        one_thread_each()
    try:
        config.stash[CHOICE] = selection_of(config.getoption)
    except BadChoice as reason:
        raise pytest.UsageError(str(reason)) from None
    if any(framework_of(backend.name) == "jax" for _, backend in config.stash[CHOICE].backends):
        from gradient_conformance.implementations.jax import keep_compiled

        keep_compiled()
    given = getattr(config, "workerinput", None)
    if given is not None and "last_words" in given:
        write_into(Path(given["last_words"]), given["workerid"])
        config.add_cleanup(write_no_more)
    if given is None:  # under xdist the controller writes, not the workers
        recorder = Recorder(
            config.stash[CHOICE], config.getoption("--out"), config.invocation_params.args
        )
        config.pluginmanager.register(recorder)
        if config.getoption("--out") and wants_line(config):
            config.pluginmanager.register(Progress(recorder.tests))


@pytest.fixture(scope="session")
def selection(pytestconfig: pytest.Config) -> Selection:
    """What was chosen on the command line."""
    return pytestconfig.stash[CHOICE]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One conformance test for each target, one agreement test for each identity and type."""
    if not {"target", "targets"} & set(metafunc.fixturenames):
        return
    found = metafunc.config.stash[CHOICE].targets()
    groups: dict[str, list[Target]] = {}
    for target in found:
        groups.setdefault(f"{target.implementation.identity}-{target.dtype}", []).append(target)
    if "target" in metafunc.fixturenames:
        metafunc.parametrize("target", found, ids=[target.id for target in found])
    else:
        metafunc.parametrize("targets", list(groups.values()), ids=list(groups))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hang the rows of a conformance test on its report."""
    report = yield
    if report.when == "call":  # simple types: xdist sends them to the controller
        rows = [value for name, value in item.user_properties if name == "rows"]
        vars(report)["conformance"] = rows
    report.user_properties = [p for p in report.user_properties if p[0] != "rows"]
    return report
