"""pytest's options for a conformance run, and the ledger that the run writes."""

from __future__ import annotations

import pytest

from gradient_conformance.commands.recording import Recorder
from gradient_conformance.commands.selection import BadChoice, Selection, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import ROUTES
from gradient_conformance.laws import LAW_NAMES
from gradient_conformance.laws.strategies import PROFILES
from gradient_conformance.oracles.machine import MACHINES

CHOICE = pytest.StashKey[Selection]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("gradient conformance")
    many = {"action": "append", "default": []}
    group.addoption("--backend", **many, help="name, entry point or module:Class (repeatable)")
    group.addoption("--identity", **many, metavar="GLOB", help=f"of {len(CATALOGUE)} (repeatable)")
    group.addoption("--dtype", **many, help=f"{', '.join(MACHINES)} (repeatable)")
    group.addoption("--law", **many, help=f"{', '.join(LAW_NAMES)} (repeatable)")
    group.addoption("--route", **many, help=f"{', '.join(ROUTES)} (repeatable)")
    group.addoption("--profile", default="smoke", help=f"{', '.join(PROFILES)}; default smoke")
    group.addoption("--seed", type=int, default=0, help="decides every drawn number; default 0")
    group.addoption("--case", default=None, help="try this one case instead of searching")
    group.addoption("--time-limit", type=float, default=20.0, help="seconds a case may take")
    group.addoption("--out", default=None, metavar="DIR", help="write the ledger and reports here")


def pytest_configure(config: pytest.Config) -> None:
    option = config.getoption
    try:
        config.stash[CHOICE] = select(
            option("--backend"),
            option("--identity"),
            option("--dtype"),
            option("--law"),
            option("--route"),
            option("--profile"),
            option("--seed"),
            option("--time-limit"),
            option("--case"),
        )
    except BadChoice as reason:
        raise pytest.UsageError(str(reason)) from None
    if any(backend.name == "jax" for _, backend in config.stash[CHOICE].backends):
        from gradient_conformance.implementations.jax import keep_compiled

        keep_compiled()
    if not hasattr(config, "workerinput"):  # under xdist the controller writes, not the workers
        config.pluginmanager.register(
            Recorder(config.stash[CHOICE], option("--out"), config.invocation_params.args)
        )


@pytest.fixture(scope="session")
def selection(pytestconfig: pytest.Config) -> Selection:
    """What was chosen on the command line."""
    return pytestconfig.stash[CHOICE]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One conformance test for each target, one agreement test for each identity and type."""
    if not {"target", "targets"} & set(metafunc.fixturenames):
        return
    found = metafunc.config.stash[CHOICE].targets()
    groups: dict[str, list] = {}
    for target in found:
        groups.setdefault(f"{target.implementation.identity}-{target.dtype}", []).append(target)
    if "target" in metafunc.fixturenames:
        metafunc.parametrize("target", found, ids=[target.id for target in found])
    else:
        metafunc.parametrize("targets", list(groups.values()), ids=list(groups))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = yield
    if report.when == "call":  # simple types: xdist sends them to the controller
        report.conformance = [value for name, value in item.user_properties if name == "rows"]
        report.user_properties = [p for p in report.user_properties if p[0] != "rows"]
    return report
