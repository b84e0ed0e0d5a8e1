"""``gradient-conformance check``: an adapter by itself, before any identity is tried."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities import CATALOGUE
from ..implementations.devices import at_its_device, device_of
from ..implementations.implementation import BadAnswer, Implementation
from ..implementations.loading import UnknownBackend, load
from ..implementations.protocol import Backend
from ..laws import NEEDS, Trial, examine
from ..laws.cases import Case
from ..laws.shape_pool import shapes_of
from ..laws.strategies import static_choices
from ..laws.trial import NoAnswer
from ..laws.verdicts import FAILURES
from ..oracles import ball_namespace
from ..oracles.balls import lift
from ..oracles.machine import MACHINES, is_discrete
from ..reports.wording import visible
from .selection import BadChoice

SHAPES = ((), (3,), (2, 3), (0, 2), (2, 1, 3))
NUMBERS = (1.5, -2.0, 0.0, -0.25, 3.0, 0.125)
PROBE = "hadamard_product"
OURS = ("constant", "documented_rule")  # of the arithmetic of the exact answer alone


@dataclass(frozen=True)
class Fault:
    """What is wrong with an adapter; where it is ``fatal``, nothing that it answers means much.

    What is only ``noted`` may be the framework's way: the laws will say of which identities.
    """

    says: str
    fatal: bool = False
    noted: bool = False


def check(spec: str) -> int:
    """Print what is wrong with an adapter; 0 where nothing is. Raises BadChoice."""
    try:
        backend = load(spec)
    except UnknownBackend as reason:
        raise BadChoice(str(reason)) from None
    with at_its_device(backend):
        found = list(faults_of(backend))
    for fault in found:
        print(visible(f"{'–' if fault.noted else '✗'} {fault.says}"))
    missing = missing_names(backend)
    for name, identities in missing.items():
        print(
            f"– the namespace has no {name!r}: {len(identities)} identities need it "
            f"({', '.join(identities[:3])}{', …' if len(identities) > 3 else ''})"
        )
    route = "composed and native" if backend.namespace is not None else "native only"
    able = ", ".join(dict.fromkeys(claimed(backend))) or "none"
    print(visible(f"{backend.name} {backend.version}: {', '.join(backend.dtypes)}; {route}"))
    print(f"native functions: {len(set(backend.native) & set(CATALOGUE))}; abilities: {able}")
    if backend.devices:
        print(f"devices: {', '.join(backend.devices)}; here on {device_of(backend)}")
    unknown = sorted(set(backend.native) - set(CATALOGUE))
    for name in unknown:
        print(f"✗ native has {name!r}, which is no identity: gradient-conformance list names them")
    if unknown or not all(fault.noted for fault in found):
        return 1
    print("✓ the adapter keeps the protocol; next: gradient-conformance run --backend " + spec)
    return 0


def faults_of(backend: Backend) -> Iterator[Fault]:
    """What is wrong with the conversions, with the form of an answer, with what is claimed.

    Whether an answer is right is for the laws to say.
    """
    broken = list(_conversions(backend))
    yield from broken
    if any(fault.fatal for fault in broken):
        return
    for nesting in backend.nestings:
        if not backend.can("hvp"):
            yield Fault(f"nestings names {nesting!r}, and hvp is not defined")
    if backend.devices and type(backend).placed is Backend.placed:
        yield Fault(f"devices names {', '.join(backend.devices)}, and placed is not defined")
    asked = list(_answers(backend))
    yield from asked
    if all(fault.noted for fault in asked):
        yield from _abilities(backend)


def claimed(backend: Backend) -> list[str]:
    """The abilities that an adapter claims, by the names of their methods."""
    found = [need for need in dict.fromkeys(NEEDS.values()) if backend.can(need)]
    return [need for need in found if need not in ("namespace", "hvp")]  # hvp has its nestings


def _conversions(backend: Backend) -> Iterator[Fault]:
    """Numbers, shape and type must come back, and both ways must copy."""
    kinds = [*((name, MACHINES[name].dtype) for name in backend.dtypes)]
    kinds += [("int64", np.dtype(np.int64)), ("bool", np.dtype(bool))]
    for name, dtype in kinds:
        for shape in SHAPES:
            x = np.resize(np.array(NUMBERS), shape).astype(dtype)
            if said := _round_trip(backend, x, name):
                yield Fault(said, fatal=True)
                break
        else:
            if said := _copies(backend, np.array(NUMBERS).astype(dtype)):
                yield Fault(f"{said} ({name})")


def _round_trip(backend: Backend, x: np.ndarray, name: str) -> str:
    where = f"of shape {x.shape} in {name}"
    try:
        there = backend.from_numpy(x.copy())
    except Exception as raised:
        return f"from_numpy raises for an array {where}: {type(raised).__name__}: {raised}"
    try:
        back = backend.to_numpy(there)
    except Exception as raised:
        return f"to_numpy raises for an array {where}: {type(raised).__name__}: {raised}"
    if not isinstance(back, np.ndarray):
        return f"to_numpy returns {type(back).__name__} for an array {where}, not a numpy.ndarray"
    if back.shape != x.shape:
        return f"an array {where} comes back with the shape {back.shape}"
    if back.dtype != x.dtype and not (is_discrete(x) and back.dtype.kind == x.dtype.kind):
        return (
            f"an array {where} comes back as {back.dtype}: take {name} out of dtypes if the "
            "framework does not have it, or convert in from_numpy and to_numpy"
        )
    if not np.array_equal(back, x):
        return (
            f"an array {where} comes back with other numbers: {x.ravel()[:3]}, {back.ravel()[:3]}"
        )
    return ""


def _copies(backend: Backend, x: np.ndarray) -> str:
    given = x.copy()
    there = backend.from_numpy(given)
    given[...] = x[::-1]
    if not np.array_equal(backend.to_numpy(there), x):
        return "from_numpy does not copy: what is written into the NumPy array shows in the other"
    back = backend.to_numpy(there)
    if back.flags.writeable:
        back[...] = x[::-1]
    if not np.array_equal(backend.to_numpy(there), x):
        return "to_numpy does not copy: what is written into the NumPy array shows in the other"
    return ""


def _answers(backend: Backend) -> Iterator[Fault]:
    """The form of what vjp returns, for all arguments, for one, for one that is not used."""
    if backend.namespace is None:
        own = [name for name in CATALOGUE if name in backend.native]
        if not own:
            yield Fault("there is neither a namespace nor a native function: nothing to try")
            return
        yield from _said(lambda: _trial(backend, "native", own[0]).observed, own[0])
        return
    yield from _said(lambda: _trial(backend, "composed", PROBE).observed, "X * Y")
    yield from _for_an_argument_that_is_not_used(backend)


def _for_an_argument_that_is_not_used(backend: Backend) -> Iterator[Fault]:
    def doubled(xp: Any, X: Any, Y: Any) -> Any:  # noqa: ARG001  that is the point
        return X * 2

    asked = Implementation(backend, "composed", PROBE, doubled)
    X, Y = np.array([[1.0, 2.0]], MACHINES[backend.dtypes[0]].dtype), np.zeros((3, 1))
    arguments = {"X": X, "Y": Y.astype(X.dtype)}
    what = "2X does not depend on Y"
    try:
        got = asked.vjp(arguments, ("X", "Y"), X, {}).gradients["Y"]
    except BadAnswer as bad:
        yield Fault(f"{what}, and {bad}")
    except Exception as raised:
        yield Fault(
            f"{what}, and vjp raises, where the protocol has an array of zeros: "
            f"{type(raised).__name__}: {str(raised).splitlines()[0]}",
            noted=True,
        )
    else:
        if got.shape != Y.shape or got.any():
            yield Fault(f"{what}, and vjp returns {got.tolist()} for it, not zeros")


def _said(ask: Any, what: str) -> Iterator[Fault]:
    try:
        ask()
    except NoAnswer as reason:
        yield Fault(f"vjp of {what}: {reason}")


def _abilities(backend: Backend) -> Iterator[Fault]:
    """What is claimed must answer in the form that the protocol says."""
    route = "composed" if backend.namespace is not None else "native"
    names = [PROBE, *CATALOGUE] if route == "composed" else list(CATALOGUE)
    own = [name for name in names if route == "composed" or name in backend.native]
    trial = _trial(backend, route, own[0])
    for law, ability in NEEDS.items():
        if ability == "namespace" or not backend.can(ability):
            continue
        for verdict in examine(trial, [law]):
            if verdict.outcome in FAILURES:
                yield Fault(f"{ability} is claimed; {own[0]}, {law}: {verdict.message}")
                break


def _trial(backend: Backend, route: str, identity: str) -> Trial:
    declared = CATALOGUE[identity]
    sizes = shapes_of(identity, 2, 0)[-1]
    case = Case(identity, backend.dtypes[0], sizes, static_choices(identity)[0], seed=1)
    return Trial(Implementation(backend, route, identity, declared.forward), case)


def missing_names(backend: Backend) -> dict[str, list[str]]:
    """The array functions that the namespace lacks, each with the identities that call it."""
    namespace = backend.namespace
    if namespace is None:
        return {}
    lacking: dict[str, list[str]] = {}
    for identity in CATALOGUE:
        for name in names_used(identity):
            if not _has(namespace, name):
                lacking.setdefault(name, []).append(identity)
    return lacking


def _has(namespace: Any, name: str) -> bool:
    for part in name.split("."):
        if not hasattr(namespace, part):
            return False
        namespace = getattr(namespace, part)
    return True


@functools.cache
def names_used(identity: str) -> tuple[str, ...]:
    """The functions of the array namespace that an identity's forward calls, in one case."""
    declared, used = CATALOGUE[identity], dict[str, None]()
    for static in static_choices(identity):
        case = Case(identity, "float64", shapes_of(identity, 2, 0)[-1], static, seed=1)
        given = case.arguments().items()
        balls = {name: x if is_discrete(x) else lift(x) for name, x in given}
        declared.forward(_Noting(ball_namespace, used), **balls, **case.parameters)
    return tuple(name for name in used if name not in OURS)


class _Noting:
    """A namespace that notes what is asked of it."""

    def __init__(self, namespace: Any, used: dict[str, None], prefix: str = "") -> None:
        self._namespace, self._used, self._prefix = namespace, used, prefix

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._namespace, name)
        if name in ("linalg", "special"):
            return _Noting(found, self._used, f"{name}.")
        self._used[self._prefix + name] = None
        return found
