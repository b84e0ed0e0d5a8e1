"""Side by side: ``python -m gradient_conformance.benchmarks.side_by_side [--out DIR]``.

The same faults in the same five functions, for ``torch.autograd.gradcheck``,
``jax.test_util.check_grads`` and this suite: what each catches, how often it complains of what is
right, how long a check takes and how often it evaluates the function. It writes the results
(side_by_side.json), a table (side_by_side.md) and a picture (side_by_side.svg), and prints the
table. Milliseconds are of processor time, in one thread, of this machine in this run: compare the
rows, not two machines.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import jax
import numpy as np
import torch

from .checkers import Checker, checkers, with_other_step
from .side_by_side_views import picture, table
from .subjects import REGIMES, SUBJECTS, Backward, Seeded, Subject, right_backward

SEEDS = 20
"""Points in each regime at which the right gradients are checked."""


@dataclass
class Row:
    """What one checker did on one subject.

    ``missed`` are the faults that it found right, ``missed_gross`` those of them that are gross;
    ``alarms`` the points at which it complained of the right gradients; ``undecided`` those at
    which it said that it cannot tell. ``forward`` and ``backward`` count the evaluations of one
    check of the right function, which took ``milliseconds``: the median, on the framework's own.
    """

    faults: int
    gross: int
    missed: list[str] = field(default_factory=list)
    missed_gross: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    points: int = 0
    undecided: int = 0
    forward: int = 0
    backward: int = 0
    milliseconds: float = 0.0

    @property
    def caught(self) -> int:
        """How many faults it complained of."""
        return self.faults - len(self.missed)

    @property
    def caught_gross(self) -> int:
        """How many gross faults it complained of."""
        return self.gross - len(self.missed_gross)


def complains(checker: Checker, seeded: Seeded) -> bool:
    """Whether a checker complains of a fault, at one of its points, one after the other."""
    function = checker.function(seeded.subject, seeded.backward())
    return any(checker.check(function, case) for case in seeded.points)


def look_for_faults(checker: Checker, faults: Sequence[Seeded], row: Row) -> None:
    """Note the faults that a checker misses."""
    for seeded in faults:
        if not complains(checker, seeded):
            row.missed.append(seeded.name)
            if seeded.gross:
                row.missed_gross.append(seeded.name)


def look_for_alarms(checker: Checker, subject: Subject, seeds: int, row: Row) -> None:
    """Note the points at which a checker complains of the right gradients."""
    function = checker.function(subject, right_backward(subject))
    before = checker.undecided
    for regime in REGIMES:
        for seed in range(seeds):
            row.points += 1
            if complaint := checker.check(function, subject.case(seed, regime)):
                first = complaint.strip().splitlines()[0][:120]
                row.alarms.append(f"regime={regime} seed={seed}: {first}")
    row.undecided = checker.undecided - before


def count_evaluations(checker: Checker, subject: Subject, row: Row) -> None:
    """Count what one check of the right function evaluates, at the first point."""
    backward: Backward = right_backward(subject)
    function, forward = checker.function(subject, backward), 0

    def counted(*x: Any) -> Any:
        nonlocal forward
        forward += 1
        return function(*x)

    if complaint := checker.check(counted, subject.points[0]):
        raise AssertionError(f"{checker.title} complains of {subject.title}: {complaint}")
    row.forward, row.backward = forward, backward.calls


def take_times(
    rows: Iterable[tuple[Checker, Row]], subject: Subject, repeats: int
) -> dict[str, list[float]]:
    """Time a check of the framework's own function, all checkers in turn, after a warm-up."""
    checks: list[tuple[str, Callable[[], str], Row]] = [
        (checker.name, checker.prepared(checker.own(subject), subject.points[0]), row)
        for checker, row in rows
    ]
    taken: dict[str, list[float]] = {name: [] for name, _, _ in checks}
    for turn in range(repeats + 2):
        for name, check, _ in checks:
            start = time.process_time()
            check()
            if turn >= 2:
                taken[name].append((time.process_time() - start) * 1e3)
    for name, _, row in checks:
        row.milliseconds = statistics.median(taken[name])
    return taken


def measure(subject: Subject, tried: Sequence[Checker], repeats: int, seeds: int) -> dict[str, Row]:
    """What every checker does on a subject, by its name."""
    faults = list(subject.faults())
    gross = sum(seeded.gross for seeded in faults)
    rows = {checker.name: Row(len(faults), gross) for checker in tried}
    pairs = [(checker, rows[checker.name]) for checker in tried]
    take_times(pairs, subject, repeats)
    for checker, row in pairs:
        print(f"{subject.title}: {checker.title}", file=sys.stderr)
        count_evaluations(checker, subject, row)
        look_for_faults(checker, faults, row)
        look_for_alarms(checker, subject, seeds, row)
    return rows


def with_fewer_alarms(
    tried: Sequence[Checker], subjects: Sequence[Subject], seeds: int
) -> list[Checker]:
    """For each checker that complains of right gradients, the step that makes it do so least.

    It is chosen with hindsight, on some of the very points at which it is then shown.
    """

    def alarms(checker: Checker) -> int:
        row = Row(0, 0)
        for subject in subjects:
            look_for_alarms(checker, subject, seeds, row)
        return len(row.alarms)

    better = []
    for checker in tried:
        others = with_other_step(checker)
        if others and (least := alarms(checker)):
            counts = [alarms(other) for other in others]
            if min(counts) < least:
                better.append(others[counts.index(min(counts))])
    return better


def environment(repeats: int, seeds: int) -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "jax": jax.__version__,
        "threads": torch.get_num_threads(),
        "repeats": repeats,
        "points per regime": seeds,
        "regimes": list(REGIMES),
    }


def run(
    subjects: Sequence[Subject], repeats: int, seeds: int, tried: Sequence[Checker] | None = None
) -> dict[str, Any]:
    """The whole comparison, as it goes into the JSON file."""
    torch.set_num_threads(1)
    wanted = list(checkers() if tried is None else tried)
    wanted[3:3] = with_fewer_alarms(wanted, subjects, max(1, seeds // 3))
    results = {}
    for subject in subjects:
        rows = measure(subject, wanted, repeats, seeds)
        results[subject.title] = {
            "case": subject.points[0].line(),
            "identity": subject.identity,
            "idle faults": subject.idle(),
            "checkers": {
                name: {"caught": row.caught, "caught_gross": row.caught_gross, **asdict(row)}
                for name, row in rows.items()
            },
        }
    titles = {checker.name: checker.title for checker in wanted}
    settings = {checker.name: checker.told for checker in wanted}
    return {
        "environment": environment(repeats, seeds),
        "titles": titles,
        "settings": settings,
        "subjects": results,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run, write the three files, and print the table."""
    parser = argparse.ArgumentParser(prog="side_by_side", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("report"), help="where the files go")
    parser.add_argument("--repeats", type=int, default=15, help="how often each check is timed")
    parser.add_argument(
        "--seeds", type=int, default=SEEDS, help="points for false alarms, a regime"
    )
    chosen = parser.parse_args(arguments)
    results = run(SUBJECTS, chosen.repeats, chosen.seeds)
    chosen.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1, ensure_ascii=False)
    (chosen.out / "side_by_side.json").write_text(text + "\n", encoding="utf-8")
    (chosen.out / "side_by_side.svg").write_text(picture(results), encoding="utf-8")
    (chosen.out / "side_by_side.md").write_text(table(results), encoding="utf-8")
    print(table(results))


if __name__ == "__main__":
    main()
