"""Try one target: search, replay what is recorded about it, and sum up in rows for the ledger."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..identities import CATALOGUE
from ..implementations.declared import Deviation, framework_of, records_of
from ..laws import LAWS, NEEDS, Trial, Verdict, agreement, concerns, due, examine, laws_of
from ..laws.cases import Case, parse
from ..laws.exhaustive import exhaust
from ..laws.search import search
from ..laws.strategies import fixed_cases
from ..laws.tally import Tally
from ..laws.verdicts import FAILURES
from ..laws.witness import witness
from .abilities import unclaimed
from .accuracy import accuracy_lines
from .conventions import CONVENTION, convention_lines, has_conventions, not_finite_lines, with_lines
from .last_words import trying
from .selection import Selection, Target
from .shown import numbers_of, shown
from .undecided import look_once_more, mark_undecided

Row = dict[str, Any]
AGREEMENT = agreement.__name__


def conduct(target: Target, selection: Selection, tally: Tally | None = None) -> list[Row]:
    """Hold one implementation in one type to the chosen laws; the rows of its verdicts.

    Pass a tally to see what was found so far when this is interrupted.
    """
    implementation = target.implementation
    laws = [law for law in selection.laws if law in LAWS and concerns(law, implementation.backend)]
    recording = CONVENTION in laws
    if recording and selection.case is None and not has_conventions(target):
        laws.remove(CONVENTION)
    if not implementation.supported:
        reason = (
            f"{implementation.backend.name} has no {implementation.route} implementation of "
            f"{implementation.identity}"
        )
        return [plain_row(target, selection, law, "unsupported", reason) for law in laws]
    missing = [law for law in laws if law in NEEDS and not implementation.backend.can(NEEDS[law])]
    absent = [
        plain_row(target, selection, law, *unclaimed(target, selection, law)) for law in missing
    ]
    laws = [law for law in laws if law not in missing]
    tally = tally if tally is not None else Tally()
    claim = unsupported(target)
    if claim is not None:
        return _tried_anyway(target, selection, laws, claim) + absent
    for law, reason in unsupported_laws(target).items():
        if law in laws:
            absent += _tried_anyway(target, selection, [law], reason)
            laws.remove(law)
    deviations = deviations_of(target)
    tally.deviations = deviations
    costly = selection.costly_sizes(implementation.identity)

    def judge(case: Case) -> list[Verdict]:
        trying(target.id, case.line())
        return tally.add(case, examine(Trial(implementation, case, selection.seconds), laws))

    def judge_if_due(case: Case) -> list[Verdict]:
        trying(target.id, case.line())
        found = examine(Trial(implementation, case, selection.seconds), due(laws, case, costly))
        return tally.add(case, found)

    stale = [] if selection.case else list(_replayed(judge, deviations, target, selection, laws))
    _look(judge if selection.case else judge_if_due, target, selection)
    if selection.case is None:
        look_once_more(tally, target, selection, laws)
    if selection.every_input:
        exhaust(judge_if_due, implementation.identity, target.dtype)
    lines = convention_lines(judge, target, selection) if CONVENTION in laws else []
    lines += not_finite_lines(target, selection) if recording else []
    rows = with_lines(rows_of(tally, target, selection), lines)
    if rows:  # they travel with a verdict, whichever
        rows[0]["accuracy"] = accuracy_lines(target, selection)
    for deviation in stale:
        _mark_stale(rows, deviation, target)
    if selection.case is None:
        mark_undecided(rows, tally, target)
    return rows + absent


def conduct_agreement(targets: Sequence[Target], selection: Selection) -> list[Row]:
    """Hold several implementations of one identity, in one type, against one another.

    No rows where there are no two of them.
    """
    held = [t for t in targets if concerns(AGREEMENT, t.implementation.backend)]
    able = [t for t in held if t.implementation.supported and unsupported(t) is None]
    if len(able) < 2:
        return []
    tallies = [Tally(deviations_of(t)) for t in able]

    def judge(case: Case) -> list[Verdict]:
        trying(f"{able[0].implementation.identity}-{able[0].dtype}", case.line())
        at = dict(case.sizes), case.parameters, case.arguments()
        # One that is known to be off at this case has no vote, or the others would seem to be.
        voters = [
            (Trial(target.implementation, case, selection.seconds), tally)
            for target, tally in zip(able, tallies, strict=True)
            if not any(d.is_of_the_answer and d.holds_at(*at) for d in tally.deviations)
        ]
        found: dict[int, list[Verdict]] = {id(trial): [] for trial, _ in voters}
        for trial, verdict in agreement([trial for trial, _ in voters]):
            found[id(trial)].append(verdict)
        return [v for trial, tally in voters for v in tally.add(case, found[id(trial)])]

    _look(judge, able[0], selection)
    rows = [
        row
        for target, tally in zip(able, tallies, strict=True)
        for row in rows_of(tally, target, selection)
    ]
    for target, tally in zip(able, tallies, strict=True):
        if not tally.entries and tally.deviations:
            record = tally.deviations[0]
            row = plain_row(target, selection, AGREEMENT, "known", record.reason)
            rows.append(row | {"issue": record.issue})
    for row in rows:
        if "shown" in row:
            row["shown"]["all"] = [[t.spec, t.implementation.route] for t in able]
    return rows


def _look(judge: Callable[[Case], list[Verdict]], target: Target, selection: Selection) -> None:
    identity = target.implementation.identity
    if (chosen := selection.cases(identity, target.dtype)) is not None:
        for case in chosen:
            judge(case)
    else:
        search(judge, identity, target.dtype, selection.profile, selection.seed)


def unsupported(target: Target) -> str | None:
    """Why a target is recorded as unsupported, or None."""
    i = target.implementation
    return records_of(i.backend).unsupported_reason(i.identity, i.route, target.dtype)


def unsupported_laws(target: Target) -> dict[str, str]:
    """The laws that a target is recorded not to support, each with the reason."""
    i = target.implementation
    return records_of(i.backend).unsupported_laws(i.identity, i.route, target.dtype)


def deviations_of(target: Target) -> tuple[Deviation, ...]:
    """The known deviations of a target's backend in the version that is installed."""
    i = target.implementation
    return records_of(i.backend).deviations_of(i.identity, i.route, target.dtype, i.backend.version)


def _tried_anyway(
    target: Target, selection: Selection, laws: Sequence[str], reason: str
) -> list[Row]:
    """A claim of no support is tried on the fixed cases: that all of them work makes it stale."""
    identity = target.implementation.identity
    cases = selection.cases(identity, target.dtype)
    if cases is None:
        cases = fixed_cases(identity, target.dtype, selection.profile, selection.seed)
    verdicts: list[Verdict] = []
    for case in cases:
        found = examine(Trial(target.implementation, case, selection.seconds), laws)
        verdicts.extend(found)
        if any(v.failed for v in found):
            return [plain_row(target, selection, law, "unsupported", reason) for law in laws]
    if not verdicts:  # these laws look at other cases only
        return [plain_row(target, selection, law, "unsupported", reason) for law in laws]
    message = (
        f"recorded as unsupported ({reason}), and all {len(cases)} cases work: remove the record "
        f"from implementations/{framework_of(target.implementation.backend.name)}.toml"
    )
    return [plain_row(target, selection, law, "stale", message) for law in laws]


def _replayed(
    judge: Callable[[Case], list[Verdict]],
    deviations: Sequence[Deviation],
    target: Target,
    selection: Selection,
    laws: Sequence[str],
) -> Iterator[Deviation]:
    """Replay each deviation's witness, without search; those that no longer fail."""
    implementation = target.implementation
    for deviation in deviations:
        case = parse(implementation.identity, target.dtype, deviation.witness)
        judge(case)
        if deviation.crashes:
            continue  # whether its witness dies depends on the processor: see laws/crashing.py
        if not deviation.seen_on(implementation.backend):
            continue  # nothing is claimed of its witness on this kind of device
        shown_by = set(deviation.laws) & set(laws_of(implementation.backend))
        if not shown_by or not shown_by <= set(laws):
            continue  # the law that the witness fails may not be among those chosen
        verdicts = examine(Trial(implementation, case, selection.seconds), shown_by)
        if not any(v.failed for v in verdicts):
            yield deviation


def _mark_stale(rows: Sequence[Row], deviation: Deviation, target: Target) -> None:
    backend = target.implementation.backend
    for row in rows:
        if row["law"] in deviation.laws and row["verdict"] not in FAILURES:
            row["verdict"] = "stale"
            row["message"] = (
                f"recorded as a known deviation ({deviation.reason}), and its witness "
                f"{deviation.witness!r} passes: remove the record from implementations/"
                f"{framework_of(backend.name)}.toml, or end its versions before {backend.version}"
            )
            return


def rows_of(tally: Tally, target: Target, selection: Selection) -> list[Row]:
    """One row for each law and argument that was judged."""
    rows = []
    for (law, wrt), entry in tally.entries.items():
        row = plain_row(target, selection, law, entry.outcome(), wrt=wrt, case=entry.case)
        row |= {"digits": entry.digits, "margin": entry.margin}
        row |= {"examples": entry.examples, "undecided": entry.undecided}
        stands = entry.deviation if row["verdict"] == "known" else entry.worst
        if stands is not None and stands.worst is not None:
            row["worst"] = numbers_of(stands.worst)
        if row["verdict"] == "known" and entry.deviation is not None and entry.record is not None:
            row |= {"message": entry.record.reason, "issue": entry.record.issue}
            row |= {"digits": entry.deviation.digits, "margin": entry.deviation.margin}
            if entry.deviation_case is not None:
                row["case"] = entry.deviation_case.line()
                row["reproduce"] = reproduce_line(target, selection, law, entry.deviation_case)
        elif entry.worst is not None and entry.worst.failed and entry.case is not None:
            trial = Trial(target.implementation, entry.case, selection.seconds)
            vote = witness(trial, entry.worst)
            row["message"] = visible("; ".join(filter(None, (entry.worst.message, vote))))
            row |= {"digits": entry.worst.digits, "margin": entry.worst.margin}  # the case's own
            row["shown"] = shown(target, entry, law, wrt, selection.seconds)
            row["script"] = f"reproduce/{target.id}-{law}{f'-{wrt}' if wrt else ''}.py"
        rows.append(row)
    return rows


def plain_row(
    target: Target,
    selection: Selection,
    law: str,
    verdict: str,
    message: str = "",
    wrt: str | None = None,
    case: Case | None = None,
) -> Row:
    """A row of the ledger for one law and argument, with nothing counted yet."""
    i = target.implementation
    return {
        "identity": i.identity,
        "family": CATALOGUE[i.identity].family,
        "route": i.route,
        "backend": i.backend.name,
        "dtype": target.dtype,
        "law": law,
        "wrt": wrt,
        "verdict": verdict,
        "digits": None,
        "margin": None,
        "examples": 0,
        "undecided": 0,
        "case": case.line() if case else None,
        "seed": selection.seed,
        "reproduce": reproduce_line(target, selection, law, case),
        "message": visible(message),
    }


def visible(text: str) -> str:
    """A message that came from an adapter, in characters that every file can hold."""
    encoded = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in encoded
    )


def reproduce_line(target: Target, selection: Selection, law: str, case: Case | None) -> str:
    """The command that tries just this again; agreement needs all backends that took part."""
    i = target.implementation
    words = ["gradient-conformance", "run", "--identity", i.identity, "--dtype", target.dtype]
    if law == AGREEMENT:
        words += [word for spec, _ in selection.backends for word in ("--backend", spec)]
    else:
        words += ["--backend", target.spec, "--route", i.route]
    words += ["--law", law, "--seed", str(selection.seed)]
    words += ["--case", case.line()] if case else ["--profile", selection.profile_name]
    return shlex.join(words)


def failures(rows: Sequence[Row]) -> list[Row]:
    """The rows that make a run fail."""
    return [row for row in rows if row["verdict"] in FAILURES]


def sentence(row: Row) -> str:
    """One row in words: what, where, with which numbers, and how to see it again."""
    what = f"{row['law']}{' for ' + row['wrt'] if row['wrt'] else ''}"
    where = f"{row['identity']} on {row['backend']} ({row['route']}, {row['dtype']})"
    case = f"\n  case: {row['case']}" if row["case"] else ""
    verdict = f"{where}: {what} is {row['verdict']}\n  {row['message']}"
    return f"{verdict}{case}\n  again: {row['reproduce']}"
