"""What to run: backends, identities, types, laws and routes, as chosen on a command line."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from ..identities import CATALOGUE
from ..implementations.declared import path_of
from ..implementations.implementation import ROUTES, Implementation, implementations_of
from ..implementations.loading import UnknownBackend, installed, load
from ..implementations.protocol import Backend
from ..laws import LAW_NAMES, QUICK_LAWS
from ..laws.cases import Case, parse
from ..laws.shape_pool import Sizes
from ..laws.strategies import PROFILES, Profile, costly_sizes
from ..oracles.machine import MACHINES


class BadChoice(ValueError):
    """Something was chosen that does not exist; the message says what does."""


@dataclass(frozen=True)
class Target:
    """One thing to try: an implementation in one type; ``spec`` is the backend as it was named."""

    implementation: Implementation
    dtype: str
    spec: str

    @property
    def id(self) -> str:
        """The name of its test."""
        i = self.implementation
        backend = i.backend.name.replace("@", "-").replace(":", "")  # it names a file, too
        return f"{i.identity}-{backend}-{i.route}-{self.dtype}"


@dataclass(frozen=True)
class Selection:
    """Everything that was chosen, checked; ``missing`` says why a built-in backend is left out."""

    backends: tuple[tuple[str, Backend], ...]
    missing: dict[str, str]
    identities: tuple[str, ...]
    dtypes: tuple[str, ...]
    laws: tuple[str, ...]
    routes: tuple[str, ...]
    profile_name: str
    seed: int
    seconds: float
    case: str | None = None
    with_every_input: bool = False
    laws_named: bool = False
    with_accuracy: int | None = None
    shard: tuple[int, int] | None = None

    @property
    def profile(self) -> Profile:
        """How hard to look."""
        return PROFILES[self.profile_name]

    @property
    def every_input(self) -> bool:
        """Whether element-wise functions get all inputs of the 16-bit types."""
        return self.case is None and (self.with_every_input or self.profile.every_input)

    @property
    def accuracy(self) -> int:
        """How many drawn cases measure the digits lost, beside the fixed ones; 0: none at all."""
        return self.profile.accuracy if self.with_accuracy is None else self.with_accuracy

    def costly_sizes(self, identity: str) -> Collection[Sizes] | None:
        """At which sizes the costly laws are tried; None for all: they were named, or a case."""
        if self.laws_named or self.case is not None:
            return None
        return costly_sizes(identity, self.profile)

    def targets(self) -> list[Target]:
        """Every implementation in every type, those of one identity and type side by side.

        Of a run that is split, those of this part: identities, dealt out one after the other.
        """
        part, count = self.shard or (1, 1)
        return [
            Target(implementation, dtype, spec)
            for identity in self.identities[part - 1 :: count]
            for dtype in self.dtypes
            for spec, backend in self.backends
            if dtype in backend.dtypes
            for implementation in implementations_of(backend, identity, CATALOGUE[identity].forward)
            if implementation.route in self.routes
        ]

    def cases(self, identity: str, dtype: str) -> list[Case] | None:
        """The one case that was asked for, or None: search."""
        return None if self.case is None else [parse(identity, dtype, self.case)]


def select(
    backends: Sequence[str] = (),
    identities: Sequence[str] = (),
    dtypes: Sequence[str] = (),
    laws: Sequence[str] = (),
    routes: Sequence[str] = (),
    profile: str = "smoke",
    seed: int = 0,
    seconds: float = 20.0,
    case: str | None = None,
    every_input: bool = False,
    accuracy: int | None = None,
    shard: str | None = None,
    devices: Sequence[str] = (),
) -> Selection:
    """Check a choice; nothing chosen means all. Raises BadChoice, saying what would be right.

    Only a part of a run that is split (``shard``) may be left with nothing to try.
    """
    _one_of("profile", [profile], PROFILES)
    chosen_backends, missing = _backends(backends, PROFILES[profile].paths, devices)
    names = _matching(identities)
    chosen = Selection(
        backends=chosen_backends,
        missing=missing,
        identities=names,
        dtypes=_one_of("dtype", dtypes, MACHINES) or PROFILES[profile].dtypes,
        laws=_one_of("law", laws, LAW_NAMES) or _laws_of(PROFILES[profile]),
        routes=_one_of("route", routes, ROUTES) or ROUTES,
        profile_name=profile,
        seed=seed,
        seconds=seconds,
        case=case,
        with_every_input=every_input,
        laws_named=bool(laws),
        with_accuracy=accuracy,
        shard=_shard(shard),
    )
    if not 0 < seconds <= 86400:
        raise BadChoice(f"--time-limit {seconds:g} is not a number of seconds greater than 0")
    if seed < 0:
        raise BadChoice(f"--seed {seed} is negative; a seed is 0, 1, 2 and so on")
    if chosen.accuracy < 0:
        raise BadChoice(
            f"--accuracy {accuracy} is negative; it is a number of cases, or 0 for none"
        )
    if case is not None:
        _readable(chosen)
    if not replace(chosen, shard=None).targets():
        have = "; ".join(
            f"{b.name} has {', '.join(b.dtypes)}"
            f"{'' if b.namespace is not None else ' and no composed route'}"
            for _, b in chosen_backends
        )
        raise BadChoice(
            f"nothing to run: no chosen backend has a chosen dtype ({', '.join(chosen.dtypes)}) by "
            f"a chosen route ({', '.join(chosen.routes)}); {have}"
        )
    return chosen


def _laws_of(profile: Profile) -> tuple[str, ...]:
    return LAW_NAMES if profile.costly else QUICK_LAWS


def _readable(chosen: Selection) -> None:
    if len(chosen.identities) != 1:
        raise BadChoice(
            f"--case belongs to one identity, and {len(chosen.identities)} are chosen; name it "
            "with --identity"
        )
    for dtype in chosen.dtypes:
        try:
            for case in chosen.cases(chosen.identities[0], dtype) or ():
                case.cotangent()
        except (ValueError, KeyError) as reason:
            raise BadChoice(f"--case: {reason}") from None


def _shard(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    part, _, count = text.partition("/")
    if not (part.isascii() and part.isdigit() and count.isascii() and count.isdigit()):
        raise BadChoice(f"--shard {text!r} is not a part of a whole, such as 2/8")
    if not 1 <= int(part) <= int(count):
        raise BadChoice(f"--shard {text}: the parts are 1/{count} to {count}/{count}")
    return int(part), int(count)


def _backends(
    names: Sequence[str], paths: bool, devices: Sequence[str]
) -> tuple[tuple[tuple[str, Backend], ...], dict[str, str]]:
    if not names:
        found, missing = installed(paths)
        if not found:
            raise BadChoice("no backend is installed: pip install 'gradient-conformance[all]'")
        if devices:
            return _on_devices([backend.name for backend in found], devices, missing)
        return tuple((backend.name, backend) for backend in found), missing
    specs = [
        spec
        for name in names
        for spec in ([f"{name}@{d}" for d in devices] if devices and "@" not in name else [name])
    ]
    try:
        chosen = _each_once([(spec, load(spec)) for spec in dict.fromkeys(specs)])
    except UnknownBackend as reason:
        raise BadChoice(str(reason)) from None
    doubled = {b.name for _, b in chosen if sum(b.name == c.name for _, c in chosen) > 1}
    if doubled:
        raise BadChoice(
            f"two chosen backends call themselves {', '.join(sorted(doubled))}; the report could "
            "not tell them apart: give one another name"
        )
    return chosen, {}


def _on_devices(
    names: Sequence[str], devices: Sequence[str], missing: dict[str, str]
) -> tuple[tuple[tuple[str, Backend], ...], dict[str, str]]:
    """Where no backend was named: those that have such a device, and why others are left out."""
    chosen, without = [], dict(missing)
    for spec in dict.fromkeys(f"{name}@{device}" for name in names for device in devices):
        try:
            chosen.append((spec, load(spec)))
        except UnknownBackend as reason:
            without[spec] = str(reason)
    if not chosen:
        raise BadChoice(
            f"no backend has a device that was asked for: {'; '.join(without.values())}"
        )
    return _each_once(chosen), without


def _each_once(chosen: Sequence[tuple[str, Backend]]) -> tuple[tuple[str, Backend], ...]:
    """``jax@cpu`` and ``jax@cpu:0`` may be one and the same: the first of them."""
    found: dict[tuple[str, str], tuple[str, Backend]] = {}
    for spec, backend in chosen:
        found.setdefault((path_of(spec), backend.name), (spec, backend))
    return tuple(found.values())


def _matching(globs: Sequence[str]) -> tuple[str, ...]:
    chosen: dict[str, None] = {}
    for glob in globs or ["*"]:
        found = fnmatch.filter(CATALOGUE, glob)
        if not found:
            close = difflib.get_close_matches(glob, CATALOGUE, n=3)
            hint = f"did you mean {' or '.join(close)}? " if close else ""
            raise BadChoice(
                f"no identity matches {glob!r}; {hint}gradient-conformance list names all "
                f"{len(CATALOGUE)}"
            )
        chosen.update(dict.fromkeys(found))
    return tuple(chosen)


def _one_of(what: str, given: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    for name in given:
        if name not in known:
            raise BadChoice(f"there is no {what} {name!r}; choose from {', '.join(known)}")
    return tuple(dict.fromkeys(given))
