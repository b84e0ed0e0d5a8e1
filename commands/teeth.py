"""``gradient-conformance teeth``: put every fault over every implementation, and see what kills it.

The work is cut by identity and type: backends and faults of one share its exact answers.
"""

from __future__ import annotations

import argparse
import fnmatch
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..faults import FAULTS, Fault, Right
from ..faults.hunt import HIDDEN, IDLE, KILLED, SURVIVED, Kill, hunt
from ..identities import CATALOGUE
from ..laws import LAWS, NEEDS
from ..laws.convention import point_cases
from ..laws.search import all_cases
from ..reports.ledger import now
from ..reports.teeth import failing, head, measured_before, write_teeth
from ..reports.teeth_lines import HOLES
from .conduct import deviations_of, unsupported, unsupported_laws
from .environment import environment
from .processes import one_thread_each
from .selection import BadChoice, Selection, Target, select

EQUIVALENT, STALE, FALSE_ALARM = "equivalent", "stale", "false alarm"
WORST = (KILLED, EQUIVALENT, HIDDEN, IDLE, SURVIVED, STALE)
"""Outcomes from best to worst: of several seeds and arguments the last stands."""
TYPES = ("float64", "float32")
Row = dict[str, Any]


@dataclass(frozen=True)
class Hunt:
    """What was chosen: as for a run, with faults, and several seeds."""

    faults: tuple[str, ...]
    backends: tuple[str, ...]
    identities: tuple[str, ...]
    dtypes: tuple[str, ...]
    routes: tuple[str, ...]
    profile: str
    seeds: tuple[int, ...]

    def selection(self, identities: Sequence[str], dtypes: Sequence[str], seed: int) -> Selection:
        """The selection of a run. Raises BadChoice."""
        return select(
            self.backends, identities, dtypes, routes=self.routes, profile=self.profile, seed=seed
        )


def teeth(choice: argparse.Namespace) -> int:
    """Hunt, write ``teeth.json`` and the page; 0 where nothing survives, 1 where something does.

    Raises BadChoice before anything runs.
    """
    chosen = Hunt(
        _faults(choice.fault),
        tuple(choice.backend),
        tuple(choice.identity),
        tuple(choice.dtype) or TYPES,
        tuple(choice.route),
        choice.profile,
        tuple(dict.fromkeys(choice.seed or (0, 1, 2))),
    )
    selection = chosen.selection(chosen.identities, chosen.dtypes, chosen.seeds[0])
    if not choice.workers.isdecimal():
        raise BadChoice(f"-n {choice.workers!r} is not a number of workers")
    units = [(identity, dtype) for identity in selection.identities for dtype in selection.dtypes]
    started, clock = now(), time.monotonic()
    rows: list[Row] = []
    controls: list[Row] = []
    done = 0
    complete = False
    try:
        for found, alarms in _worked_off(chosen, units, int(choice.workers)):
            rows += found
            controls += alarms
            done += 1
            _tell([*(row for row in found if row["outcome"] in HOLES), *alarms])
            _progress(done, len(units), clock, rows)
        complete = True
    except KeyboardInterrupt:
        print("\ninterrupted: what was found so far is written", file=sys.stderr)
    result = {
        **head(),
        "environment": {
            **environment(selection, ()),
            "seeds": list(chosen.seeds),
            "started": started,
            "seconds": round(time.monotonic() - clock, 1),
            "complete": complete,
            "units": [done, len(units)],
        },
        "faults": {
            name: {"says": FAULTS[name].says, "family": FAULTS[name].family}
            for name in chosen.faults
        },
        "rows": rows,
        "controls": controls,
        **measured_before(Path(choice.out)),
    }
    print(file=sys.stderr)
    print(write_teeth(Path(choice.out), result))
    return 0 if complete and not failing(result) else 1


def _faults(globs: Sequence[str]) -> tuple[str, ...]:
    chosen: dict[str, None] = {}
    for glob in globs or ["*"]:
        found = fnmatch.filter(FAULTS, glob)
        if not found:
            raise BadChoice(
                f"no fault matches {glob!r}; gradient-conformance teeth --list names all "
                f"{len(FAULTS)}"
            )
        chosen.update(dict.fromkeys(found))
    return tuple(chosen)


def list_faults() -> int:
    """Print every fault, by family, with what it does."""
    for family in dict.fromkeys(fault.family for fault in FAULTS.values()):
        print(family)
        for fault in FAULTS.values():
            if fault.family == family:
                print(f"  {fault.name:38} {fault.says}")
    return 0


def _worked_off(
    chosen: Hunt, units: Sequence[tuple[str, str]], workers: int
) -> Iterator[tuple[list[Row], list[Row]]]:
    """The rows of each unit, as they are ready; in processes of their own where asked for."""
    if workers < 1:
        for identity, dtype in units:
            yield work(chosen, identity, dtype)
        return
    # Frameworks do not survive a fork of a process in which they run threads.
    context = multiprocessing.get_context("spawn")
    one_thread_each()
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting: list[Future[tuple[list[Row], list[Row]]]] = [
            pool.submit(work, chosen, identity, dtype) for identity, dtype in units
        ]
        try:
            for future in as_completed(waiting):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def work(chosen: Hunt, identity: str, dtype: str) -> tuple[list[Row], list[Row]]:
    """Hunt every fault over every implementation of an identity in one type.

    The rows, one for each fault and implementation, and the false alarms: right implementations
    that a law failed.
    """
    selections = {seed: chosen.selection([identity], [dtype], seed) for seed in chosen.seeds}
    rows: list[Row] = []
    alarms: list[Row] = []
    for target in selections[chosen.seeds[0]].targets():
        i = target.implementation
        if not i.supported or unsupported(target):
            continue
        with _jax_cache(i.backend.name):
            right = Right(i)
            laws = laws_for(target)
            found: dict[str, list[Kill]] = {}
            for seed, selection in selections.items():
                cases = cases_for(target, selection, seed)
                how = (laws, deviations_of(target), selection.costly_sizes(identity))
                if seed == chosen.seeds[0]:  # more of them is what a run does
                    control = hunt(right, None, None, cases, *how)
                    if control.outcome == KILLED:
                        alarms.append(_row(target, control, seed=seed, outcome=FALSE_ALARM))
                for fault, argument in subjects(chosen.faults, target):
                    kill = _explained(
                        hunt(right, fault, argument, cases, *how), fault, identity, argument
                    )
                    found.setdefault(fault.name, []).append(kill)
        rows += [_summed_up(target, fault, kills) for fault, kills in found.items()]
    return rows, alarms


def laws_for(target: Target) -> list[str]:
    """The laws that an implementation alone is held to, costly ones among them."""
    backend, lacking = target.implementation.backend, unsupported_laws(target)
    return [
        law for law in LAWS if law not in lacking and (law not in NEEDS or backend.can(NEEDS[law]))
    ]


def cases_for(target: Target, selection: Selection, seed: int) -> list[Any]:
    """The cases of a run, in its order: fixed, drawn, and the points of the conventions."""
    identity, dtype = target.implementation.identity, target.dtype
    points = [case for _, case in point_cases(identity, dtype)]
    return [*all_cases(identity, dtype, selection.profile, seed), *points]


def subjects(names: Sequence[str], target: Target) -> Iterator[tuple[Fault, str | None]]:
    """The faults that can be put over an implementation, each with the argument that it is on."""
    i = target.implementation
    asked = {"vjp", *(NEEDS[law].partition(" ")[0] for law in laws_for(target) if law in NEEDS)}
    for name in names:
        fault = FAULTS[name]
        if target.dtype in fault.dtypes and fault.suits(i.backend) and fault.method in asked:
            for argument in fault.subjects(CATALOGUE[i.identity]):
                yield fault, argument


def _explained(kill: Kill, fault: Fault, identity: str, argument: str | None) -> Kill:
    """Where the mistake is none, a survivor is equivalent; that it is killed is *stale*."""
    if not fault.reason(identity, argument):
        return kill
    return replace(kill, outcome=STALE if kill.outcome == KILLED else EQUIVALENT)


def _summed_up(target: Target, fault: str, kills: Sequence[Kill]) -> Row:
    """One row for all arguments and seeds: the worst outcome, and the longest way to a kill."""
    worst = max(kills, key=lambda k: (WORST.index(k.outcome), k.examples))
    laws = sorted({law for kill in kills for law in kill.laws})
    row = _row(target, worst, fault=fault, outcome=worst.outcome, laws=laws, hunts=len(kills))
    declared = FAULTS[fault]
    identity = CATALOGUE[target.implementation.identity]
    reasons = {declared.reason(identity.name, name) for name in declared.subjects(identity)}
    reasons |= {kill.reason for kill in kills}
    text = "; ".join(sorted(filter(None, reasons)))
    return row | ({"reason": text} if text else {})


def _row(target: Target, kill: Kill, **fields: Any) -> Row:
    i = target.implementation
    where = {
        "identity": i.identity,
        "backend": i.backend.name,
        "route": i.route,
        "dtype": target.dtype,
    }
    found = {"laws": list(kill.laws), "examples": kill.examples, "case": kill.case}
    return where | found | fields


@contextmanager
def _jax_cache(backend: str) -> Iterator[None]:
    """Compiled functions are kept on disk, as a run keeps them."""
    if backend.startswith("jax"):
        from ..implementations.jax import keep_compiled

        keep_compiled()
    yield


def _tell(holes: Sequence[Row]) -> None:
    """What is not killed is told at once: a hunt can take an hour."""
    for row in holes:
        fault = f"{row['fault']} on " if "fault" in row else ""
        where = f"{row['backend']} {row['route']} {row['dtype']}"
        text = f"{row['outcome']}: {fault}{row['identity']}, {where}"
        print(f"{text:78}", file=sys.stderr, flush=True)


def _progress(done: int, of: int, clock: float, rows: Sequence[Row]) -> None:
    """One line that is written over: how far, how many hunts, how long it will take."""
    passed = time.monotonic() - clock
    hunts = sum(row["hunts"] for row in rows)
    left = passed / done * (of - done)
    odd = sum(row["outcome"] in HOLES for row in rows)
    text = f"{done} of {of} done, {hunts} hunts, {odd} not killed, {left / 60:.0f} min left"
    end = "\r" if sys.stderr.isatty() else "\n"
    if sys.stderr.isatty() or done == of or done % 10 == 0:
        print(f"{text:78}", end=end, file=sys.stderr, flush=True)
