"""What is recorded about a backend: known upstream deviations, and what it does not support.

One TOML file per framework, ``implementations/NAME.toml``, for all of its paths (``torch``,
``torch_func``) but where a record names some. Both kinds of record are held to the truth: a
deviation whose witness passes, and an unsupported primitive that works, are *stale* and fail the
run.
"""

from __future__ import annotations

import fnmatch
import functools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any

import numpy as np
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from .devices import PROCESSOR, device_of, kind_of
from .protocol import Backend

Range = int | tuple[float, float]
"""A number, or the least and the largest one."""


@dataclass(frozen=True)
class Deviation:
    """A law that a release of a framework is known to fail, with the input that shows it.

    ``witness`` is a case line; ``versions`` is a PEP 440 range of the framework's releases that
    were seen to fail; ``paths`` names the backends of the framework that it is about, all where it
    is empty. What narrows it to some cases, all of it together:

    ``where`` the sizes of named dimensions, each a number or a pair of bounds; of a part that
    stands for several dimensions (``"..."``, ``"*b"``) the number of entries in them, so that 0
    means that one of them is empty. A part's rank has no name of its own.
    ``parameters`` static parameters, each one value or several, of which any will do; a value that
    TOML cannot write is text, as in a case line: ``geometry = "(2,_1,_1,_1)"``.
    ``magnitudes`` arguments that have an entry within these bounds.

    ``devices`` names the kinds of device that it was seen on. On another kind it covers the same
    failure, and nothing is said of its witness: that it passes there does not make it stale.

    ``crashes`` names the abilities that end the process, by their method (``"vjp"``, ``"jvp"``,
    ``"hvp"``, or ``"hvp reverse over reverse"`` of one nesting): such a call is not made, and what
    needs it fails. On a processor where the witness lives, tried in a process of its own, the call
    is made. Such a record covers no failure but that there is no answer.
    """

    identity: str
    routes: tuple[str, ...]
    dtypes: tuple[str, ...]
    laws: tuple[str, ...]
    versions: str
    reason: str
    issue: str
    witness: str
    where: Mapping[str, Range] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    magnitudes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    crashes: tuple[str, ...] = ()
    devices: tuple[str, ...] = (PROCESSOR,)

    def covers(self, law: str, outcome: str) -> bool:
        """Whether a failure of this law, of the cases that are meant, is the recorded one."""
        return law in self.laws and (not self.crashes or outcome == "crash")

    def holds_at(
        self,
        sizes: Mapping[str, Any],
        parameters: Mapping[str, Any],
        arguments: Mapping[str, np.ndarray],
    ) -> bool:
        """Whether a case of these sizes, static parameters and arguments is meant."""
        return (
            all(d in sizes and _within(sizes[d], bounds) for d, bounds in self.where.items())
            and all(
                name in parameters and as_word(parameters[name]) in words_of(values)
                for name, values in self.parameters.items()
            )
            and all(_any_within(arguments[name], *ends) for name, ends in self.magnitudes.items())
        )

    def ends_process(self, ability: str) -> bool:
        """Whether a call of this ability (``"vjp"``, ``"hvp reverse over reverse"``) crashes."""
        return bool({ability, ability.partition(" ")[0]} & set(self.crashes))

    def seen_on(self, backend: Backend) -> bool:
        """Whether it was seen on the kind of device that a backend computes on."""
        return kind_of(device_of(backend)) in self.devices

    @property
    def is_of_the_answer(self) -> bool:
        """Whether it is about the value or a gradient."""
        return bool({"value", "gradient"} & set(self.laws))


@dataclass(frozen=True)
class Unsupported:
    """A primitive that a backend does not have for these types; ``identities`` are globs.

    With ``laws`` it is there, and lacks what these laws ask for (forward mode, say). ``devices``
    names the kinds of device that this holds for.
    """

    identities: tuple[str, ...]
    routes: tuple[str, ...]
    dtypes: tuple[str, ...]
    reason: str
    laws: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    devices: tuple[str, ...] = (PROCESSOR,)

    def speaks_of(self, identity: str, route: str, dtype: str) -> bool:
        """Whether this implementation is meant."""
        named = any(fnmatch.fnmatchcase(identity, glob) for glob in self.identities)
        return named and route in self.routes and dtype in self.dtypes


@dataclass(frozen=True)
class Declared:
    """Everything recorded about one backend."""

    deviations: tuple[Deviation, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()

    def deviations_of(
        self, identity: str, route: str, dtype: str, version: str
    ) -> tuple[Deviation, ...]:
        """The deviations recorded for this implementation in this version."""
        return tuple(
            d
            for d in self.deviations
            if d.identity == identity
            and route in d.routes
            and dtype in d.dtypes
            and _in_range(version, d.versions)
        )

    def unsupported_reason(self, identity: str, route: str, dtype: str) -> str | None:
        """Why this implementation is recorded as unsupported, or None."""
        for record in self.unsupported:
            if not record.laws and record.speaks_of(identity, route, dtype):
                return record.reason
        return None

    def unsupported_laws(self, identity: str, route: str, dtype: str) -> dict[str, str]:
        """The laws for which this implementation lacks what they ask for, each with the reason."""
        return {
            law: record.reason
            for record in self.unsupported
            if record.speaks_of(identity, route, dtype)
            for law in record.laws
        }


@functools.cache
def declared(backend: str, kind: str = PROCESSOR) -> Declared:
    """Read the records of a backend's framework that are about it; there may be none.

    ``kind`` is that of its device: what is unsupported on one may be there on another.
    """
    file = resources.files(__package__) / f"{framework_of(backend)}.toml"
    if not file.is_file():
        return Declared()
    found = read_records(file.read_text(encoding="utf-8"), backend)
    return replace(found, unsupported=tuple(r for r in found.unsupported if kind in r.devices))


def read_records(text: str, backend: str) -> Declared:
    """The records in the text of a framework's file that are about one of its backends."""
    content = tomllib.loads(text)
    return Declared(
        tuple(Deviation(**record) for record in _about(backend, content, "deviation")),
        tuple(Unsupported(**record) for record in _about(backend, content, "unsupported")),
    )


def framework_of(backend: str) -> str:
    """The framework of which a built-in backend is a path: ``"torch"`` of ``"torch_func"``."""
    return path_of(backend).partition("_")[0]


def path_of(backend: str) -> str:
    """The path through a framework's code, on whatever device: ``"torch_func"``."""
    return backend.partition("@")[0]


def framework(backend: Backend) -> str:
    """The framework of a backend: an adapter from outside is one of its own, whatever its name."""
    return framework_of(backend.name) if _is_ours(backend) else backend.name


def records_of(backend: Backend) -> Declared:
    """What is recorded about a built-in backend; of another adapter of that name, nothing."""
    if not _is_ours(backend.itself):
        return Declared()
    return declared(backend.name, kind_of(device_of(backend.itself)))


def _is_ours(backend: Backend) -> bool:
    return type(backend).__module__.startswith(f"{__package__}.")


def _about(backend: str, content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    records = [_tuples(record) for record in content.get(kind, [])]
    path = path_of(backend)
    return [r for r in records if path in r.get("paths", (path,))]


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    """Lists as tuples, also in the tables of a record."""
    return {
        k: tuple(v) if isinstance(v, list) else _tuples(v) if isinstance(v, dict) else v
        for k, v in record.items()
    }


def as_word(value: Any) -> str:
    """A static parameter's value as a case line has it: without spaces."""
    return str(value).replace(" ", "_")


def words_of(values: Any) -> list[str]:
    """The value, or each of the values, that a record names for a static parameter."""
    return [as_word(value) for value in (values if isinstance(values, tuple) else [values])]


def _within(size: int | tuple[int, ...], bounds: Range) -> bool:
    entries = math.prod(size) if isinstance(size, tuple) else size
    low, high = bounds if isinstance(bounds, tuple) else (bounds, bounds)
    return low <= entries <= high


def _any_within(x: np.ndarray, low: float, high: float) -> bool:
    magnitude = np.abs(np.asarray(x, np.float64))
    return bool(np.any((low <= magnitude) & (magnitude <= high)))


def _in_range(version: str, versions: str) -> bool:
    try:
        release = Version(version)
    except InvalidVersion:
        return True
    return SpecifierSet(versions).contains(release.public, prereleases=True)
