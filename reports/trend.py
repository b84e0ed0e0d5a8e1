"""What became of every verdict over several runs, such as those on the releases of a framework."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from packaging.version import InvalidVersion, Version

from ..laws.verdicts import FAILURES
from .cells import share_of
from .comparison import NOISE, Change, Key, by_key, unlike
from .ledger import Ledger
from .lines import Entry
from .summary import Summary, summarise
from .wording import listed

FAILING = "Fails in the last run, and did not always"
LOST = "Passed, and is not tried or not decided in the last run"
KNOWN = "Passed, and is a known deviation in the last run"
MENDED = "Failed in between, and passes again"
PASSING = "Failed at first, and passes in the last run"
UNJUDGED = "Failed in between, and is known or not judged in the last run"
FEWER = "Fewer digits"
BACK = "Lost in between, and there again"
MORE = "More digits"

KINDS = (FAILING, LOST, KNOWN, FEWER, MENDED, PASSING, UNJUDGED, BACK, MORE)
"""What may have become of a verdict that changed, the gravest first."""

WORSE = (FAILING, LOST)
"""Those of which the last run is worse than an earlier one."""


@dataclass(frozen=True)
class Row:
    """A backend in one run: ``run`` counts from 1.

    ``share`` is how much of the digits that a type holds is right in half of the gradients that
    pass, each in its worst example; None where none was measured.
    """

    run: int
    backend: str
    version: str
    date: str
    summary: Summary
    share: float | None


@dataclass(frozen=True)
class Course:
    """One thing that is judged, through the runs that its backend took part in.

    ``states`` has the number of each run and the entry there, None where it was not tried.
    """

    key: Key
    states: tuple[tuple[int, Entry | None], ...]

    @property
    def entry(self) -> Entry:
        """The last entry that there is, to name what it is about."""
        return next(entry for _, entry in reversed(self.states) if entry is not None)

    @cached_property
    def changes(self) -> tuple[tuple[int, Change], ...]:
        """The changes from each run to the next that are told of, with the number of the later."""
        found = (
            (run, Change(before, after)) for (_, before), (run, after) in pairwise(self.states)
        )
        return tuple((run, change) for run, change in found if change.kind is not None)

    @cached_property
    def kind(self) -> str | None:
        """Which of `KINDS` it is; None where nothing changed."""
        if not self.changes:
            return None
        last, earlier = self.states[-1][1], [entry for _, entry in self.states[:-1]]
        passed = any(e is not None and e.verdict == "pass" for e in earlier)
        if last is not None and last.failed:
            return FAILING
        if last is None or last.verdict != "pass":
            known = last is not None and last.verdict == "known"
            return UNJUDGED if not passed else KNOWN if known else LOST
        tried = [e.verdict for e in earlier if e is not None]
        failing = [k for k, verdict in enumerate(tried) if verdict in (*FAILURES, "known")]
        if failing:
            return MENDED if "pass" in tried[: failing[0]] else PASSING
        won = sum(change.digits for _, change in self.changes)
        moved = {FEWER: won < -NOISE, MORE: won > NOISE}
        return next((kind for kind, so in moved.items() if so), BACK)


@dataclass(frozen=True)
class Trend:
    """Several runs, oldest first."""

    runs: tuple[Ledger, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """One for each backend and run, those of a backend together."""
        found = []
        for backend in self.backends:
            for number, run in enumerate(self.runs, 1):
                entries = tuple(e for e in summarise(run).entries if e.backend == backend)
                if entries:
                    summary = Summary(run, entries)
                    version, date = self.version(number, backend), run.environment.started[:10]
                    found.append(Row(number, backend, version, date, summary, _share(entries)))
        return tuple(found)

    @cached_property
    def backends(self) -> tuple[str, ...]:
        """The backends that any run has a verdict on."""
        return tuple(sorted({e.backend for run in self.runs for e in run.verdicts}))

    def version(self, run: int, backend: str) -> str:
        """The version of a backend in a run; "" where the ledger does not say."""
        tried = self.runs[run - 1].environment.backends
        return next((b.version for b in tried if b.name == backend), "")

    def label(self, run: int, backend: str) -> str:
        """How a run is called in a course: the version where no other run has the same."""
        rows = [row for row in self.rows if row.backend == backend]
        own = self.version(run, backend)
        alone = sum(row.version == own for row in rows) == 1
        return own if own and alone else f"run {run} ({own})" if own else f"run {run}"

    @cached_property
    def sections(self) -> tuple[tuple[str, tuple[Course, ...]], ...]:
        """The courses by kind, the gravest kind first, without those that did not occur."""
        found: dict[str, list[Course]] = {kind: [] for kind in KINDS}
        for course in self._courses():
            if course.kind is not None:
                found[course.kind].append(course)
        return tuple((kind, tuple(of_kind)) for kind, of_kind in found.items() if of_kind)

    @property
    def worse(self) -> bool:
        """Whether the last run fails, or lost, what an earlier one did not."""
        return any(kind in WORSE for kind, _ in self.sections)

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """Why the runs are not alike to begin with, or not the whole story, in words."""
        told = []
        for what, values in unlike([run.environment for run in self.runs]).items():
            groups = {v: [k for k, x in enumerate(values, 1) if x == v] for v in values}
            told.append(f"{what}: {listed(f'{v} in {_runs(ks)}' for v, ks in groups.items())}")
        for backend in self.backends:
            there = [row.run for row in self.rows if row.backend == backend]
            if len(there) < len(self.runs):
                told.append(f"{backend} was tried in {_runs(there)} only")
            told += self._going_back(backend)
        for number, run in enumerate(self.runs, 1):
            told += [f"run {number}: {doubt}" for doubt in summarise(run).doubts]
        return tuple(told)

    def _going_back(self, backend: str) -> list[str]:
        """Where a version is lower than that of the run before it."""
        told = []
        rows = [row for row in self.rows if row.backend == backend]
        for before, after in pairwise(rows):
            if _lower(after.version, before.version):
                told.append(
                    f"the order: {backend} {after.version} (run {after.run}) comes after "
                    f"{before.version} (run {before.run}); runs are taken as they are named, and "
                    "the oldest is to be first"
                )
        return told

    def _courses(self) -> list[Course]:
        courses = []
        for backend in self.backends:
            runs = [(row.run, by_key(row.summary.entries)) for row in self.rows
                    if row.backend == backend]  # fmt: skip
            for key in sorted(set().union(*(entries for _, entries in runs))):
                states = tuple((number, entries.get(key)) for number, entries in runs)
                courses.append(Course(key, states))
        return sorted(courses, key=lambda course: course.key)


def _runs(numbers: Sequence[int]) -> str:
    return f"{'run' if len(numbers) == 1 else 'runs'} {listed(map(str, numbers))}"


def _lower(version: str, than: str) -> bool:
    try:
        return Version(version) < Version(than)
    except InvalidVersion:
        return False  # no order can be told


def _share(entries: Iterable[Entry]) -> float | None:
    gradients = (e for e in entries if e.verdict == "pass" and e.law == "gradient")
    shares = [s for e in gradients if (s := share_of(e.digits, e.dtype)) is not None]
    return median(shares) if shares else None
