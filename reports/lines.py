"""The kinds of line in a ledger: read from JSON objects, checked, and made plain for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..laws.verdicts import FAILURES, OUTCOMES


@dataclass(frozen=True)
class Tried:
    """A backend that took part: its version, the types and the routes that were tried."""

    name: str
    version: str = ""
    dtypes: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Environment:
    """The first line: what ran, where, and how. Everything is empty where it is not known.

    ``missing`` says of each backend that could not be tried why not; ``identities`` is how many
    there are in the catalogue; ``started`` is a time in UTC, ISO 8601.
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

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Environment:
        """Read the JSON object. Raises ValueError that names the field."""
        backends = []
        for backend in _sequence(line, "backends"):
            if not isinstance(backend, Mapping):
                raise ValueError(f"a backend is {backend!r}, not an object")
            backends.append(
                Tried(
                    _text(backend, "name"),
                    _text(backend, "version"),
                    _texts(backend, "dtypes"),
                    _texts(backend, "routes"),
                )
            )
        return cls(
            **{name: _text(line, name) for name in _ENVIRONMENT_TEXTS},
            versions=_text_by_name(line, "versions"),
            backends=tuple(backends),
            missing=_text_by_name(line, "missing"),
            seed=_integer(line, "seed"),
            identities=_integer(line, "identities"),
            dtypes=_texts(line, "dtypes"),
        )


_ENVIRONMENT_TEXTS = (
    "package", "python", "platform", "profile", "catalogue", "started", "command",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One verdict: a law's judgement of one identity, route, backend, type and argument.

    ``digits`` is how many decimal digits are right in the worst example, ``margin`` the largest
    error over its tolerance; ``examples`` counts the cases tried, ``undecided`` those of them of
    which nothing could be said. ``shown`` holds the arrays of the failing case as nested lists.
    ``issue`` is the address at which a known deviation is discussed.
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

    @property
    def failed(self) -> bool:
        """Whether the verdict is one that makes the run fail."""
        return self.verdict in FAILURES

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Entry:
        """Read the JSON object. Raises ValueError that names the field."""
        for name in ("identity", "route", "backend", "dtype", "law", "verdict"):
            if not _text(line, name):
                raise ValueError(f"the verdict has no {name}")
        if line["verdict"] not in OUTCOMES:
            raise ValueError(
                f"{line['verdict']!r} is not a verdict; there are {', '.join(OUTCOMES)}"
            )
        shown = line.get("shown")
        if shown is not None and not isinstance(shown, Mapping):
            raise ValueError(f"shown is {type(shown).__name__}, not an object")
        return cls(
            **{name: _text(line, name) for name in _ENTRY_TEXTS},
            wrt=_text(line, "wrt") or None,
            case=_text(line, "case") or None,
            digits=_number(line, "digits"),
            margin=_number(line, "margin"),
            examples=_integer(line, "examples") or 0,
            undecided=_integer(line, "undecided") or 0,
            seed=_integer(line, "seed"),
            shown=shown or {},
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

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Convention:
        """Read the JSON object. Raises ValueError that names the field."""
        names = ("identity", "route", "backend", "dtype", "wrt", "at")
        for name in names:
            if not _text(line, name):
                raise ValueError(f"the convention has no {name}")
        interval = _sequence(line, "interval")
        if len(interval) not in (0, 2):
            raise ValueError(f"interval is {interval!r}, not a pair")
        texts = {name: _text(line, name) for name in (*names, "case")}
        return cls(**texts, value=line.get("value"), interval=tuple(interval))


@dataclass(frozen=True)
class Accuracy:
    """The digits that the value (``wrt`` None) or a gradient loses, at the worst input found.

    ``of`` is how many an ideal algorithm has right there; ``at`` the entry that loses most;
    ``reproduce`` the command that measures its case again.
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

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Accuracy:
        """Read the JSON object. Raises ValueError that names the field."""
        names = ("identity", "route", "backend", "dtype")
        for name in names:
            if not _text(line, name):
                raise ValueError(f"the accuracy has no {name}")
        lost = _number(line, "lost")
        if lost is None or not math.isfinite(lost):
            raise ValueError(f"lost is {line.get('lost')!r}, not a number of digits")
        return cls(
            **{name: _text(line, name) for name in (*names, "case", "reproduce")},
            lost=lost,
            of=_number(line, "of"),
            wrt=_text(line, "wrt") or None,
            at=tuple(_sequence(line, "at")),
            expected=_number(line, "expected"),
            got=_number(line, "got"),
        )


@dataclass(frozen=True)
class End:
    """The last line: how the run ended. ``finished`` is a time in UTC, ISO 8601."""

    finished: str = ""
    seconds: float | None = None
    exit: int | None = None
    interrupted: bool = False
    items: int | None = None

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> End:
        """Read the JSON object. Raises ValueError that names the field."""
        return cls(
            _text(line, "finished"),
            _number(line, "seconds"),
            _integer(line, "exit"),
            bool(line.get("interrupted")),
            _integer(line, "items"),
        )


DEPTH = 64
"""How deeply lists and objects may be nested: deeper ones are a mistake, or an attack."""


def plain(value: object, depth: int = DEPTH) -> Any:
    """Turn a value into what JSON can hold: numbers, strings, booleans, None, lists, dicts.

    NumPy scalars and arrays of any type become numbers and nested lists; a number that is not
    finite becomes ``"nan"``, ``"inf"`` or ``"-inf"``; anything unknown becomes its text. Raises
    ValueError for what is nested more than ``depth`` levels.
    """
    if depth < 0:
        raise ValueError("it is nested too deeply")
    if value is None or isinstance(value, bool | np.bool):
        return None if value is None else bool(value)
    if isinstance(value, str):
        # A lone surrogate is no Unicode text: UTF-8 cannot hold it.
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, np.ndarray | np.generic):
        # A longdouble has no Python number of its own.
        numbers = value.astype(np.float64) if value.dtype.kind == "f" else value
        return plain(numbers.tolist(), depth)
    if isinstance(value, Mapping):
        return {plain(str(name)): plain(x, depth - 1) for name, x in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [plain(x, depth - 1) for x in value]
    return plain(str(value))


def _text(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}, not a text")
    return value


def _sequence(line: Mapping[str, Any], name: str) -> list[Any]:
    value = line.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{name} is {value!r}, not a list")
    return value


def _texts(line: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(value) for value in _sequence(line, name))


def _text_by_name(line: Mapping[str, Any], name: str) -> dict[str, str]:
    value = line.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is {value!r}, not an object")
    return {str(key): str(text) for key, text in value.items()}


def _number(line: Mapping[str, Any], name: str) -> float | None:
    value = line.get(name)
    if value is None:
        return None
    try:
        if isinstance(value, bool):
            raise TypeError
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} is {value!r}, not a number") from None


def _integer(line: Mapping[str, Any], name: str) -> int | None:
    value = line.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} is {value!r}, not a whole number")
    return value
