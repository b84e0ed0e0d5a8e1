"""The kinds of line in a ledger: read from JSON objects, and checked."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..laws.verdicts import FAILURES, OUTCOMES
from .fields import integer, mapping, number, numbers, sequence, text, text_by_name, texts


@dataclass(frozen=True)
class Tried:
    """A backend that took part: its version, the types and the routes that were tried.

    ``device`` is where it computed, if it had a choice; ``product_bits`` how many bits the factors
    of its matrix products keep, by type and by native function or ``"composed"``, where they are
    fewer than the type's.
    """

    name: str
    version: str = ""
    dtypes: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    device: str = ""
    product_bits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Environment:
    """The first line: what ran, where, and how. Everything is empty where it is not known.

    ``missing`` says of each backend that could not be tried why not; ``identities`` is how many
    there are in the catalogue; ``started`` is a time in UTC, ISO 8601; ``shard`` says which part of
    a run that was split this is, such as ``2/8``.
    """

    package: str = ""
    python: str = ""
    platform: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    backends: tuple[Tried, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    profile: str = ""
    seed: int | None = None
    catalogue: str = ""
    identities: int | None = None
    dtypes: tuple[str, ...] = ()
    started: str = ""
    command: str = ""
    shard: str = ""

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Environment:
        """Read the JSON object. Raises ValueError that names the field."""
        backends = []
        for backend in sequence(line, "backends"):
            if not isinstance(backend, Mapping):
                raise ValueError(f"a backend is {backend!r}, not an object")
            backends.append(
                Tried(
                    text(backend, "name"),
                    text(backend, "version"),
                    texts(backend, "dtypes"),
                    texts(backend, "routes"),
                    text(backend, "device"),
                    {
                        d: text_by_name(of, d)
                        for of in [mapping(backend, "product_bits")]
                        for d in of
                    },
                )
            )
        return cls(
            **{name: text(line, name) for name in _ENVIRONMENT_TEXTS},
            versions=text_by_name(line, "versions"),
            backends=tuple(backends),
            missing=text_by_name(line, "missing"),
            seed=integer(line, "seed"),
            identities=integer(line, "identities"),
            dtypes=texts(line, "dtypes"),
        )


_ENVIRONMENT_TEXTS = (
    "package", "python", "platform", "profile", "catalogue", "started", "command", "shard",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One verdict: a law's judgement of one identity, route, backend, type and argument.

    ``digits`` is how many decimal digits are right in the worst example, ``margin`` the largest
    error over its tolerance; ``examples`` counts the cases tried, ``undecided`` those of them of
    which nothing could be said. ``shown`` holds the arrays of the failing case as nested lists.
    ``issue`` is the address at which a known deviation is discussed. ``worst`` is the entry of the
    case's answer that uses most of its tolerance: ``at``, ``expected``, ``got``, ``tolerance``.
    """

    identity: str
    route: str
    backend: str
    dtype: str
    law: str
    verdict: str
    family: str = ""
    wrt: str | None = None
    digits: float | None = None
    margin: float | None = None
    examples: int = 0
    undecided: int = 0
    case: str | None = None
    seed: int | None = None
    reproduce: str = ""
    message: str = ""
    script: str = ""
    issue: str = ""
    shown: Mapping[str, Any] = field(default_factory=dict)
    worst: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether the verdict is one that makes the run fail."""
        return self.verdict in FAILURES

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Entry:
        """Read the JSON object. Raises ValueError that names the field."""
        for name in ("identity", "route", "backend", "dtype", "law", "verdict"):
            if not text(line, name):
                raise ValueError(f"the verdict has no {name}")
        if line["verdict"] not in OUTCOMES:
            raise ValueError(
                f"{line['verdict']!r} is not a verdict; there are {', '.join(OUTCOMES)}"
            )
        return cls(
            **{name: text(line, name) for name in _ENTRY_TEXTS},
            wrt=text(line, "wrt") or None,
            case=text(line, "case") or None,
            digits=number(line, "digits"),
            margin=number(line, "margin"),
            examples=integer(line, "examples") or 0,
            undecided=integer(line, "undecided") or 0,
            seed=integer(line, "seed"),
            shown=mapping(line, "shown"),
            worst=mapping(line, "worst"),
        )


_ENTRY_TEXTS = (
    "identity", "route", "backend", "dtype", "law", "verdict", "family", "reproduce", "message",
    "script", "issue",
)  # fmt: skip


@dataclass(frozen=True)
class Convention:
    """What was returned for one gradient at a kink or a tie, ``at``, which is told in words.

    ``value`` is a number, nested lists, or None where there was no answer; ``interval`` the lowest
    and the highest of the one-sided derivatives, numbers or ``"inf"``, empty where there are none.
    Without ``finite`` the input has ±∞ or NaN, and ``wrt`` may be ``"value"``, for the value.
    """

    identity: str
    route: str
    backend: str
    dtype: str
    wrt: str
    at: str
    value: Any = None
    interval: tuple[Any, ...] = ()
    case: str = ""
    finite: bool = True

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Convention:
        """Read the JSON object. Raises ValueError that names the field."""
        names = ("identity", "route", "backend", "dtype", "wrt", "at")
        for name in names:
            if not text(line, name):
                raise ValueError(f"the convention has no {name}")
        interval = sequence(line, "interval")
        if len(interval) not in (0, 2):
            raise ValueError(f"interval is {interval!r}, not a pair")
        told = {name: text(line, name) for name in (*names, "case")}
        finite = line.get("finite", True) is not False
        return cls(**told, value=line.get("value"), interval=tuple(interval), finite=finite)


@dataclass(frozen=True)
class Along:
    """The digits lost along the axis of an element-wise function: at each of the inputs ``at``.

    None in ``lost`` where nothing can be told. ``case`` has the inputs in one array.
    """

    at: tuple[float, ...]
    lost: tuple[float | None, ...]
    case: str = ""

    @classmethod
    def parse(cls, value: object) -> Along:
        """Read the JSON object. Raises ValueError that says what is wrong."""
        if not isinstance(value, Mapping):
            raise ValueError(f"along is {type(value).__name__}, not an object")
        at, lost = (numbers(value, name) for name in ("at", "lost"))
        inputs = tuple(x for x in at if x is not None and math.isfinite(x))
        digits = [x for x in lost if x is not None]
        if not len(inputs) == len(at) == len(lost) or not all(0 <= x < math.inf for x in digits):
            raise ValueError("along has not one number of digits lost for each input")
        if any(x >= y for x, y in itertools.pairwise(inputs)):
            raise ValueError("the inputs of along are not in order")
        return cls(inputs, lost, text(value, "case"))


@dataclass(frozen=True)
class Accuracy:
    """The digits that the value (``wrt`` None) or a gradient loses, at the worst input found.

    ``of`` is how many an ideal algorithm has right there; ``at`` the entry that loses most;
    ``reproduce`` the command that measures its case again. ``along`` is there for element-wise
    functions, in ledgers that are new enough.
    """

    identity: str
    route: str
    backend: str
    dtype: str
    lost: float
    of: float | None = None
    wrt: str | None = None
    at: tuple[Any, ...] = ()
    expected: float | None = None
    got: float | None = None
    case: str = ""
    reproduce: str = ""
    along: Along | None = None

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Accuracy:
        """Read the JSON object. Raises ValueError that names the field."""
        names = ("identity", "route", "backend", "dtype")
        for name in names:
            if not text(line, name):
                raise ValueError(f"the accuracy has no {name}")
        lost = number(line, "lost")
        if lost is None or not math.isfinite(lost):
            raise ValueError(f"lost is {line.get('lost')!r}, not a number of digits")
        return cls(
            **{name: text(line, name) for name in (*names, "case", "reproduce")},
            lost=lost,
            of=number(line, "of"),
            wrt=text(line, "wrt") or None,
            at=tuple(sequence(line, "at")),
            expected=number(line, "expected"),
            got=number(line, "got"),
            along=None if line.get("along") is None else Along.parse(line["along"]),
        )


@dataclass(frozen=True)
class End:
    """The last line: how the run ended. ``finished`` is a time in UTC, ISO 8601.

    ``lost`` says of a run that was put together from parts what of them is missing. ``verdicts`` is
    how many there were, in ledgers that are new enough: a line that is lost is missed by it.
    """

    finished: str = ""
    seconds: float | None = None
    exit: int | None = None
    interrupted: bool = False
    items: int | None = None
    lost: tuple[str, ...] = ()
    verdicts: int | None = None

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> End:
        """Read the JSON object. Raises ValueError that names the field."""
        return cls(
            text(line, "finished"),
            number(line, "seconds"),
            integer(line, "exit"),
            bool(line.get("interrupted")),
            integer(line, "items"),
            texts(line, "lost"),
            integer(line, "verdicts"),
        )
