"""``gradient-conformance run``: the conformance tests, run by pytest."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from ..implementations.declared import path_of
from ..implementations.devices import at_its_device
from ..implementations.loading import BUILT_IN
from ..reports.ledger import read_ledger
from ..reports.summary import summarise
from ..reports.wording import visible
from .check import faults_of
from .options import selection_of
from .selection import BadChoice, Selection

PACKAGE = Path(__file__).resolve().parent.parent
INTERRUPTED = 130


def run(choice: argparse.Namespace) -> int:
    """Check the choice, then hand it to pytest; 0 where everything conforms, 1 where not.

    Raises BadChoice before anything runs.
    """
    selection = selection_of(lambda name: getattr(choice, name))
    _check_workers(choice.workers)
    _check_writable(Path(choice.out))
    for name, reason in selection.missing.items():
        print(visible(f"without {name}: {reason}"), file=sys.stderr)
    _check_adapters(selection)
    if not selection.targets():
        print(
            f"part {choice.shard} of the run has nothing to try: there are more parts than "
            f"identities to deal out ({len(selection.identities)}), or no backend can try its "
            "own; its ledger has no verdicts, and merge takes it",
            file=sys.stderr,
        )
    # What is set for somebody's own tests is not meant for this run.
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # pytest takes the options of a conftest.py only for folders named on its command line.
    status = pytest.main(
        [
            str(PACKAGE / "tests" / "conformance"),
            f"--rootdir={PACKAGE}",
            f"--config-file={PACKAGE / 'pytest.ini'}",
            f"--confcutdir={PACKAGE}",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:faulthandler",  # what ended a process is in the verdict
            "-p",
            "xdist",
            "-qq",  # how many tests passed says less than the table of verdicts
            "--no-header",
            "--tb=no",
            "--show-capture=no",
            "-rN",
            *_options(choice, selection),
        ]
    )
    if status == pytest.ExitCode.INTERRUPTED:
        return INTERRUPTED
    ledger = Path(choice.out) / "ledger.jsonl"
    if selection.shard is not None:  # whether the whole conforms is for merge to say
        return 0 if status == pytest.ExitCode.OK else 1
    conforms = status == pytest.ExitCode.OK and summarise(read_ledger(ledger)).conforms
    return 0 if conforms else 1


def _options(choice: argparse.Namespace, selection: Selection) -> list[str]:
    options = [
        f"--{name}={value}"
        for name in ("backend", "device", "identity", "dtype", "law", "route")
        for value in getattr(choice, name)
    ]
    options += [f"--profile={choice.profile}", f"--seed={choice.seed}"]
    options += [f"--time-limit={choice.time_limit}", f"--out={Path(choice.out).resolve()}"]
    options += ["--every-input"] if choice.every_input else []
    options += [] if choice.accuracy is None else [f"--accuracy={choice.accuracy}"]
    if choice.junit is not None:  # the rows of a test travel as a property, which xunit2 has not
        options += [f"--junitxml={choice.junit.resolve()}", "-o", "junit_family=xunit1"]
    options += [] if choice.shard is None else [f"--shard={choice.shard}"]
    options += [f"--case={choice.case}"] if choice.case is not None else []
    workers = choice.workers
    if workers == "0" and any(backend.own_process for _, backend in selection.backends):
        workers = "1"
    if workers != "0":
        # Neighbours share expected values, so each worker takes a run of them. (Under loadgroup a
        # worker that dies leaves pytest-xdist 3.8 waiting for ever.)
        options += ["-n", workers, "--dist", "worksteal", "--max-worker-restart=10000"]
    return options


def _check_adapters(selection: Selection) -> None:
    """Say what is wrong with adapters from outside before anything is asked of them.

    One that may end the process is not asked here. Raises BadChoice where nothing can be tried.
    """
    for spec, backend in selection.backends:
        if path_of(spec) in BUILT_IN or backend.own_process:
            continue
        with at_its_device(backend):
            faults = list(faults_of(backend))
        for fault in faults:
            print(visible(f"{spec}: {fault.says}"), file=sys.stderr)
        if any(fault.fatal for fault in faults):
            raise BadChoice(
                f"nothing was tried: the adapter {spec} does not keep the protocol (above; the "
                f"same, with what it claims: gradient-conformance check {spec})"
            )


def _check_workers(workers: str) -> None:
    if not (workers in ("auto", "logical") or (workers.isascii() and workers.isdigit())):
        raise BadChoice(f"-n {workers!r} is neither a number of workers nor 'auto'")


def _check_writable(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise BadChoice(
            f"--out {directory}: the folder cannot be made ({reason.strerror})"
        ) from None
    if not os.access(directory, os.W_OK):
        raise BadChoice(f"--out {directory}: the folder is not writable")
