"""What is recorded about the backends: every record is well-formed, and is still true."""

from __future__ import annotations

import dataclasses
import fnmatch
from typing import Any

import pytest
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.shapes import dimensions_of
from gradient_conformance.implementations.declared import (
    Declared,
    Deviation,
    Unsupported,
    as_word,
    declared,
    words_of,
)
from gradient_conformance.implementations.implementation import ROUTES, Implementation
from gradient_conformance.implementations.loading import BUILT_IN, NotInstalled, load
from gradient_conformance.implementations.protocol import ABILITIES, Backend
from gradient_conformance.laws import LAW_NAMES, Trial, examine, laws_of
from gradient_conformance.laws.cases import parse
from gradient_conformance.laws.crashing import dies
from gradient_conformance.laws.strategies import PROFILES, fixed_cases
from gradient_conformance.oracles.machine import MACHINES

DEVIATIONS = [(name, record) for name in BUILT_IN for record in declared(name).deviations]
UNSUPPORTED = [(name, record) for name in BUILT_IN for record in declared(name).unsupported]


def label(value: Any) -> str:
    """A record's name in the list of tests."""
    if isinstance(value, Deviation):
        return f"{value.identity}-{'+'.join(value.dtypes)}"
    return "+".join(value.identities) if isinstance(value, Unsupported) else str(value)


EVERY_DEVIATION = pytest.mark.parametrize(("backend", "record"), DEVIATIONS, ids=label)
EVERY_UNSUPPORTED = pytest.mark.parametrize(("backend", "record"), UNSUPPORTED, ids=label)


def unknown(record: Deviation | Unsupported) -> list[str]:
    """The names in a record that do not exist, and what it leaves empty."""
    named: dict[str, tuple[tuple[str, ...], Any]] = {
        "route": (record.routes, ROUTES),
        "dtype": (record.dtypes, MACHINES),
    }
    if isinstance(record, Deviation):
        named |= {"identity": ((record.identity,), CATALOGUE), "law": (record.laws, LAW_NAMES)}
    else:
        matched = [glob for glob in record.identities if fnmatch.filter(CATALOGUE, glob)]
        named |= {"identity": (record.identities, matched)}
    found = [] if record.reason.strip() else ["no reason"]
    for what, (names, known) in named.items():
        found += [f"{what} {name!r}" for name in names if name not in known]
        found += [] if names else [f"no {what}"]
    return found


def unknown_cases(record: Deviation) -> list[str]:
    """The names in what narrows a deviation that its identity does not have, and empty ranges."""
    identity = CATALOGUE[record.identity]
    sizes, static = dimensions_of(identity.shapes), identity.parameters
    found = [f"size {name!r}" for name in record.where if name not in sizes]
    found += [f"argument {name!r}" for name in record.magnitudes if name not in identity.shapes]
    ranges = [*record.where.values(), *record.magnitudes.values()]
    found += [f"range {r}" for r in ranges if isinstance(r, tuple) and not r[0] <= r[1]]
    for name, values in record.parameters.items():
        words = [as_word(value) for value in static.get(name, ())]
        found += [f"{name} {word}" for word in words_of(values) if word not in words]
    return found + [f"ability {name!r}" for name in record.crashes if name not in ABILITIES]


def malformed(record: Deviation) -> list[str]:
    """What of a deviation cannot be read."""
    found = unknown(record)
    try:
        found += ["any version"] * (not SpecifierSet(record.versions))
    except InvalidSpecifier:
        found.append("versions")
    try:
        case = parse(record.identity, record.dtypes[0], record.witness)
        case.cotangent()
        found += unknown_cases(record)
        at = dict(case.sizes), case.parameters, case.arguments()
        found += ["witness elsewhere"] * (not record.holds_at(*at))
    except (ValueError, KeyError):
        found.append("witness")
    linked = record.issue == "" or record.issue.startswith("https://")
    return found if linked else [*found, "issue"]


@EVERY_DEVIATION
def test_a_deviation_names_what_exists(backend: str, record: Deviation) -> None:
    assert not malformed(record)


@EVERY_UNSUPPORTED
def test_an_unsupported_primitive_names_what_exists(backend: str, record: Unsupported) -> None:
    assert not unknown(record)


RIGHT = Deviation(
    identity="trace",
    routes=("native",),
    dtypes=("float64",),
    laws=("gradient",),
    versions="<=2.0",
    reason="it is off",
    issue="",
    witness="n=0 seed=3",
    where={"n": 0},
)
POWER = {"identity": "power", "where": {}, "parameters": {"p": 0}, "witness": "...=- p:0 seed=0"}
EMPTY = Unsupported(("tra*",), ("native",), ("float64",), "no kernel")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"identity": "trance"}, "identity 'trance'"),
        ({"routes": ("by hand",)}, "route 'by hand'"),
        ({"routes": ()}, "no route"),
        ({"dtypes": ("float64", "float8")}, "dtype 'float8'"),
        ({"laws": ("gravity",)}, "law 'gravity'"),
        ({"reason": " "}, "no reason"),
        ({"issue": "see above"}, "issue"),
        ({"issue": "https://github.com/pytorch/pytorch/issues/1"}, None),
        ({"versions": "before 2.0"}, "versions"),
        ({"versions": ""}, "any version"),
        ({"witness": "n=none"}, "witness"),
        ({"witness": "m=1"}, "witness"),
        ({"witness": "n=1"}, "witness elsewhere"),
        ({"where": {"n": (0, 2)}}, None),
        ({"where": {"n": (2, 0)}}, "range (2, 0)"),
        ({"where": {"k": 0}}, "size 'k'"),
        ({"magnitudes": {"Y": (0.0, 1.0)}}, "argument 'Y'"),
        ({"magnitudes": {"X": (1.0, 0.0)}}, "range (1.0, 0.0)"),
        ({"parameters": {"eps": 1e-5}}, "eps 1e-05"),
        ({"crashes": ("vjp", "hvp forward over reverse")}, None),
        ({"crashes": ("hpv",)}, "ability 'hpv'"),
        (POWER, None),
        ({**POWER, "parameters": {"p": (0, 1)}}, None),
        ({**POWER, "parameters": {"p": 1}}, "witness elsewhere"),
        ({**POWER, "parameters": {"p": 7}}, "p 7"),
        ({**POWER, "parameters": {"p": 0.0}}, "p 0.0"),
    ],
)
def test_a_deviation_that_names_something_else_would_be_noticed(
    change: dict[str, Any], fault: str | None
) -> None:
    record = dataclasses.replace(RIGHT, **change)
    if fault is None:
        assert malformed(record) == []
    elif record.identity in CATALOGUE:
        assert fault in malformed(record)
    else:
        assert fault in unknown(record)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"identities": ("trance*",)}, "identity 'trance*'"),
        ({"identities": ()}, "no identity"),
        ({"dtypes": ("half",)}, "dtype 'half'"),
        ({"reason": ""}, "no reason"),
    ],
)
def test_an_unsupported_one_that_names_something_else_would_be_noticed(
    change: dict[str, Any], fault: str | None
) -> None:
    assert unknown(dataclasses.replace(EMPTY, **change)) == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("identity", "route", "dtype", "reason"),
    [
        ("trace", "native", "float64", "no kernel"),
        ("trace_of_product", "native", "float64", "no kernel"),
        ("determinant", "native", "float64", None),
        ("trace", "composed", "float64", None),
        ("trace", "native", "float16", None),
    ],
)
def test_what_is_unsupported_is_matched_by_globs(
    identity: str, route: str, dtype: str, reason: str | None
) -> None:
    assert Declared((), (EMPTY,)).unsupported_reason(identity, route, dtype) == reason


def test_a_backend_without_a_file_has_no_records() -> None:
    assert declared("no_such_backend") == Declared()
    assert declared("numpy") != Declared()
    assert all(isinstance(r.dtypes, tuple) for _, r in DEVIATIONS + UNSUPPORTED)


def the_backend(name: str) -> Backend:
    try:
        return load(name)
    except NotInstalled as absent:
        pytest.skip(str(absent))


def examined(
    backend: Backend, identity: str, route: str, dtype: str, line: str
) -> dict[str, set[str]]:
    """The outcomes by law of one implementation on one case."""
    forward = CATALOGUE[identity].forward
    trial = Trial(Implementation(backend, route, identity, forward), parse(identity, dtype, line))
    outcomes: dict[str, set[str]] = {}
    for verdict in examine(trial, laws_of(trial.implementation.backend)):
        outcomes.setdefault(verdict.law, set()).add(verdict.outcome if verdict.failed else "holds")
    return outcomes


def skip_unless_there(backend: Backend, dtype: str) -> None:
    """What a backend claims may depend on what is installed beside it: a compiler, say."""
    if dtype not in backend.dtypes:
        pytest.skip(f"{backend.name} lacks {dtype} here")


def skip_unless_held(backend: Backend, laws: tuple[str, ...]) -> None:
    """A path that is there for one ability is not asked about a record of other laws."""
    held = set(laws_of(backend))
    if backend.only_for and not held & set(laws or held):
        pytest.skip(f"{backend.name} is held to none of these laws here")


def ends_process(backend: Backend, record: Deviation, route: str, dtype: str) -> bool:
    """Whether the witness of a record dies by all of the abilities that it names, or by none."""
    abilities = [a for a in record.crashes if backend.can(a)]
    asked = backend.name, route, record.identity, dtype, record.witness
    dead = [ability for ability in abilities if dies(*asked, ability)]
    assert dead in ([], abilities), f"{dead} of {abilities} end the process"
    return bool(dead)


CLAIMS = [
    (name, record, route, dtype)
    for name, record in DEVIATIONS
    for route in record.routes
    for dtype in record.dtypes
]


@pytest.mark.parametrize(("name", "record", "route", "dtype"), CLAIMS, ids=label)
def test_the_witness_still_fails(name: str, record: Deviation, route: str, dtype: str) -> None:
    backend = the_backend(name)
    skip_unless_there(backend, dtype)
    recorded = declared(name).deviations_of(record.identity, route, dtype, backend.version)
    if record not in recorded:
        pytest.skip(f"{record.versions} is not {backend.version}")
    skip_unless_held(backend, record.laws)
    dead = ends_process(backend, record, route, dtype)
    outcomes = examined(backend, record.identity, route, dtype, record.witness)
    absent = declared(name).unsupported_laws(record.identity, route, dtype)  # a record of its own
    failing = {law for law, seen in outcomes.items() if seen != {"holds"}} - set(absent)
    if record.crashes:
        failing = {law for law, seen in outcomes.items() if "crash" in seen}
        if not dead:  # on this processor the call is made, and the record does not hold
            assert not failing
            return
    assert failing & set(record.laws), (
        f"implementations/{name}.toml records that {record.identity} ({route}, {dtype}) fails at "
        f"{record.witness!r}, and it passes in {backend.version}: remove the record"
    )
    assert failing <= set(record.laws), f"the record does not name {failing - set(record.laws)}"


def test_a_witness_that_passes_would_be_noticed() -> None:
    numpy = the_backend("numpy")
    outcomes = examined(numpy, "determinant_by_cofactors", "native", "float64", "n=3 regime=ties")
    assert all(seen == {"holds"} for seen in outcomes.values())


LACKS = [
    (name, identity, route, dtype, record.laws)
    for name, record in UNSUPPORTED
    for glob in record.identities
    for identity in fnmatch.filter(CATALOGUE, glob)
    for route in record.routes
    for dtype in record.dtypes
]


@pytest.mark.parametrize(("name", "identity", "route", "dtype", "laws"), LACKS)
def test_what_is_recorded_as_unsupported_still_fails(
    name: str, identity: str, route: str, dtype: str, laws: tuple[str, ...]
) -> None:
    """Of a record that names laws, each of them fails."""
    backend = the_backend(name)
    skip_unless_there(backend, dtype)
    skip_unless_held(backend, laws)
    wanted = set(laws) & set(laws_of(backend))
    assert wanted or not laws, f"{name} lacks these laws for every identity"
    for case in fixed_cases(identity, dtype, PROFILES["smoke"], 0):
        outcomes = examined(backend, identity, route, dtype, case.line())
        failing = {law for law, seen in outcomes.items() if seen != {"holds"}}
        wanted -= failing
        if failing and not wanted:
            return
    what = f"{', '.join(sorted(wanted))} of {identity}" if wanted else identity
    pytest.fail(f"implementations/{name}.toml records {what} as unsupported, and it works")
