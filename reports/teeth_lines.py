"""What a ``teeth.json`` holds: read from its JSON objects, and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .fields import integer, number, sequence, text, texts
from .lines import Environment

KILLED, EQUIVALENT, HIDDEN = "killed", "equivalent", "hidden"
IDLE, SURVIVED, STALE = "idle", "survived", "stale"
OUTCOMES = (KILLED, EQUIVALENT, HIDDEN, IDLE, SURVIVED, STALE)
"""What can become of a fault, from best to worst."""
EXPLAINED = (EQUIVALENT, HIDDEN)
"""Outcomes for which a reason is on record why nothing was killed."""

HOLES = (SURVIVED, IDLE, STALE)
"""Outcomes that make a hunt fail, the worst first, beside false alarms."""

LARGEST = 10**12
"""No count is larger: one that is, is a mistake, or an attack."""

Line = Mapping[str, Any]
Read = TypeVar("Read")


@dataclass(frozen=True)
class Mistake:
    """A fault by name: what it does, in a sentence, and its family."""

    name: str
    says: str = ""
    family: str = ""


@dataclass(frozen=True)
class Row:
    """What became of one fault over one implementation of an identity in one type: a *place*.

    It sums up the hunts of all seeds and arguments: the worst ``outcome``, and of the hunts that
    came out so the one that took most ``examples`` (to a kill, or all that were tried), at
    ``case``. ``laws`` are all that failed in any of them.
    """

    identity: str
    backend: str
    route: str
    dtype: str
    fault: str
    outcome: str
    laws: tuple[str, ...] = ()
    examples: int = 0
    hunts: int = 0
    case: str = ""
    reason: str = ""

    @classmethod
    def parse(cls, line: Line) -> Row:
        """Read the JSON object. Raises ValueError that names the field."""
        named = {name: _needed(line, name) for name in (*_PLACE, "fault", "outcome")}
        if named["outcome"] not in OUTCOMES:
            raise ValueError(
                f"{named['outcome']!r} is not an outcome; there are {', '.join(OUTCOMES)}"
            )
        return cls(
            **named,
            laws=texts(line, "laws"),
            examples=_count(line, "examples"),
            hunts=_count(line, "hunts"),
            case=text(line, "case"),
            reason=text(line, "reason"),
        )


@dataclass(frozen=True)
class Alarm:
    """A false alarm: the laws that failed on an implementation with no fault over it."""

    identity: str
    backend: str
    route: str
    dtype: str
    laws: tuple[str, ...] = ()
    examples: int = 0
    case: str = ""
    seed: int | None = None

    @classmethod
    def parse(cls, line: Line) -> Alarm:
        """Read the JSON object. Raises ValueError that names the field."""
        return cls(
            **{name: _needed(line, name) for name in _PLACE},
            laws=texts(line, "laws"),
            examples=_count(line, "examples"),
            case=text(line, "case"),
            seed=integer(line, "seed"),
        )


@dataclass(frozen=True)
class Sensitivity:
    """The smallest relative error that is found in at least 99 of 100 runs; None where none is.

    ``whole`` is of every entry of a gradient alike, ``entry`` of a single one; ``runs`` is how many
    were tried, None where that is not told.
    """

    identity: str
    dtype: str
    whole: float | None = None
    entry: float | None = None
    runs: int | None = None

    @classmethod
    def parse(cls, line: Line) -> Sensitivity:
        """Read the JSON object. Raises ValueError that names the field."""
        return cls(
            _needed(line, "identity"),
            _needed(line, "dtype"),
            number(line, "whole"),
            number(line, "entry"),
            _count(line, "runs") if line.get("runs") is not None else None,
        )


@dataclass(frozen=True)
class Measured:
    """How the sensitivities were measured; empty where that is not told."""

    profile: str = ""
    runs: int | None = None
    seconds: float | None = None

    @classmethod
    def parse(cls, line: Line) -> Measured:
        """Read the JSON object. Raises ValueError that names the field."""
        runs = _count(line, "runs") if line.get("runs") is not None else None
        return cls(text(line, "profile"), runs, number(line, "seconds"))


@dataclass(frozen=True)
class Teeth:
    """A hunt for faults as its ``teeth.json`` tells it.

    ``done`` of ``units`` (one identity in one type each) were worked off; a run that was cut short
    is not ``complete``. ``controls`` are the false alarms.
    """

    environment: Environment = field(default_factory=Environment)
    seeds: tuple[int, ...] = ()
    seconds: float | None = None
    complete: bool = False
    done: int | None = None
    units: int | None = None
    faults: Mapping[str, Mistake] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    controls: tuple[Alarm, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()
    measured: Measured = field(default_factory=Measured)

    @classmethod
    def parse(cls, line: Line) -> Teeth:
        """Read the JSON object of the whole file. Raises ValueError that says what is wrong."""
        ran = _object(line, "environment")
        done, units = _units(ran)
        faults = {
            name: Mistake(name, text(told, "says"), text(told, "family"))
            for name in _object(line, "faults")
            for told in [_object(line["faults"], name)]
        }
        rows = _each(line, "rows", Row.parse)
        for number_, row in enumerate(rows, 1):
            if row.fault not in faults:
                raise ValueError(f"rows, {number_}: there is no fault {row.fault!r} in faults")
        return cls(
            Environment.parse(ran),
            tuple(_seed(seed) for seed in sequence(ran, "seeds")),
            number(ran, "seconds"),
            _truth(ran, "complete"),
            done,
            units,
            faults,
            rows,
            _each(line, "controls", Alarm.parse),
            _each(line, "sensitivity", Sensitivity.parse),
            Measured.parse(_object(line, "sensitivity_of"))
            if line.get("sensitivity_of") is not None
            else Measured(),
        )


_PLACE = ("identity", "backend", "route", "dtype")


def _needed(line: Line, name: str) -> str:
    if not text(line, name):
        raise ValueError(f"it has no {name}")
    return text(line, name)


def _count(line: Line, name: str) -> int:
    value = integer(line, name)
    if value is None:
        raise ValueError(f"it has no {name}")
    if not 0 <= value <= LARGEST:
        raise ValueError(
            f"{name} is no count: {value:.3g}" if value < 0 else f"{name} is too large"
        )
    return value


def _truth(line: Line, name: str) -> bool:
    value = line.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is {value!r}, neither true nor false")
    return value


def _seed(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"a seed is {value!r}, not a whole number")
    return value


def _units(line: Line) -> tuple[int | None, int | None]:
    """How many were worked off, of how many; None where that is not told."""
    units = sequence(line, "units")
    if not units:
        return None, None
    if len(units) != 2:
        raise ValueError(f"units is {units!r}, not a pair")
    done, of = (_count({"units": n}, "units") for n in units)
    return done, of


def _object(line: Line, name: str) -> Line:
    value = line.get(name)
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is {'missing' if value is None else 'not an object'}")
    return value


def _each(line: Line, name: str, parse: Callable[[Line], Read]) -> tuple[Read, ...]:
    """The objects of a list. Raises ValueError that counts to the one that is wrong."""
    found = []
    for position, each in enumerate(sequence(line, name), 1):
        if not isinstance(each, Mapping):
            raise ValueError(f"{name}, {position}: it is not an object")
        try:
            found.append(parse(each))
        except ValueError as reason:
            raise ValueError(f"{name}, {position}: {reason}") from None
    return tuple(found)
