"""Backends are found by name, and what cannot be found is explained."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from gradient_conformance.implementations import loading
from gradient_conformance.implementations.declared import framework_of
from gradient_conformance.implementations.loading import (
    BUILT_IN,
    COMMON,
    GROUP,
    NotInstalled,
    UnknownBackend,
    installed,
    load,
)
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.tests.implementations import broken

BROKEN = broken.__name__
HERE = __name__


class Nameless(NumPy):
    name = ""


class Typeless(Backend):
    name = "typeless"


class Demanding(NumPy):
    """Cannot be made without an argument."""

    name = "demanding"

    def __init__(self, device):
        self.device = device


not_a_backend = 3


PATHS = (
    "jax", "jax_eager", "numpy", "torch", "torch_create_graph", "torch_func", "torch_inductor"
)  # fmt: skip


def test_the_built_in_ones_are_the_paths_of_the_common_frameworks_and_others() -> None:
    assert tuple(name for name in BUILT_IN if framework_of(name) in COMMON) == PATHS


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_one_is_loaded_by_its_name(name: str) -> None:
    try:
        backend = load(name)
    except NotInstalled as absent:
        pytest.skip(str(absent))
    assert backend.name == name
    assert isinstance(backend, Backend)
    assert set(backend.dtypes) <= set(MACHINES)
    assert backend.version[0].isdigit()
    assert (type(backend).__doc__ or "").strip()


def test_an_unknown_name_is_told_what_exists() -> None:
    with pytest.raises(UnknownBackend) as said:
        load("nobody")
    assert str(said.value) == (
        f"there is no backend 'nobody'. Built in: {', '.join(BUILT_IN)}. Installed entry points of "
        "gradient_conformance.backends: none. A class of your own: --backend module:Class"
    )


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    """Entry points as another installed package would declare them."""
    found = [
        EntryPoint("mine", f"{BROKEN}:Zeros", GROUP),
        EntryPoint("numpy", f"{BROKEN}:Zeros", GROUP),
        EntryPoint("astray", "no_such_module:Backend", GROUP),
    ]

    def entry_points(*, group: str) -> list[EntryPoint]:
        assert group == "gradient_conformance.backends"
        return found

    monkeypatch.setattr(loading, "entry_points", entry_points)
    return found


def test_an_entry_point_is_loaded_by_its_name(entries: list[EntryPoint]) -> None:
    assert isinstance(load("mine"), broken.Zeros)
    with pytest.raises(UnknownBackend, match="there is no backend 'theirs'"):
        load("theirs")


def test_a_built_in_one_comes_before_an_entry_point_of_its_name(entries: list[EntryPoint]) -> None:
    assert type(load("numpy")) is NumPy


def test_entry_points_are_listed_with_what_exists(entries: list[EntryPoint]) -> None:
    with pytest.raises(UnknownBackend, match=r"backends: astray, mine, numpy\. A class"):
        load("theirs")


def test_an_entry_point_that_leads_nowhere_says_so(entries: list[EntryPoint]) -> None:
    with pytest.raises(UnknownBackend, match="the module 'no_such_module' cannot be imported"):
        load("astray")


def test_a_class_is_loaded_by_module_and_name() -> None:
    assert isinstance(load(f"{BROKEN}:Negated"), broken.Negated)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("no_such_module:X", "the module 'no_such_module' cannot be imported (ModuleNotFoundError"),
        ("no_such_module:X", "must be installed, or its folder named in PYTHONPATH"),
        (f"{BROKEN}:Missing", f"{BROKEN!r} has no class 'Missing'"),
        (f"{BROKEN}:", f"{BROKEN!r} has no class ''"),
        (f"{BROKEN}:each", "is not a subclass of gradient_conformance.Backend"),
        (f"{HERE}:not_a_backend", "is not a subclass of gradient_conformance.Backend"),
        ("json:JSONDecoder", "is not a subclass of gradient_conformance.Backend"),
        (f"{HERE}:Nameless", "must set name (a word of at most 40 letters"),
        (f"{HERE}:Typeless", "must set name (a word of at most 40 letters"),
        (f"{HERE}:Demanding", "cannot be used: TypeError: "),
    ],
)
def test_a_class_that_cannot_be_had_says_why(spec: str, words: str) -> None:
    with pytest.raises(UnknownBackend) as said:
        load(spec)
    assert words in str(said.value)
    assert repr(spec) in str(said.value)


@pytest.fixture
def without_jax(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As where JAX is not installed."""
    for name in [
        n for n in sys.modules if n.startswith("gradient_conformance.implementations.jax")
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jax", None)
    yield
    monkeypatch.undo()


def test_what_is_not_installed_is_told_how_to_install_it(without_jax) -> None:
    with pytest.raises(NotInstalled) as said:
        load("jax")
    assert str(said.value) == (
        "backend 'jax' needs jax, which is not installed: pip install 'gradient-conformance[jax]'"
    )


def test_one_that_is_not_installed_hides_no_other(without_jax) -> None:
    found, missing = installed()
    assert "numpy" in [backend.name for backend in found]
    assert "jax" not in [backend.name for backend in found]
    assert "pip install 'gradient-conformance[jax]'" in missing["jax"]


def test_every_built_in_one_is_found_or_missing_or_tried_only_where_it_is_named() -> None:
    found, missing = installed()
    named_alone = {"torch_inductor"} - set(missing)
    assert not named_alone & {backend.name for backend in found}
    assert sorted([*(b.name for b in found), *missing, *named_alone]) == list(PATHS)


def test_no_other_framework_is_imported_unless_it_is_named() -> None:
    others = set(BUILT_IN) - set(PATHS)
    found, missing = installed()
    assert not others & {*(backend.name for backend in found), *missing}


def test_without_paths_there_is_one_for_each_framework() -> None:
    found, missing = installed(paths=False)
    assert sorted([*(backend.name for backend in found), *missing]) == ["jax", "numpy", "torch"]


def test_one_that_is_there_for_one_ability_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "numpy" in [backend.name for backend in installed()[0]]
    monkeypatch.setattr(NumPy, "only_for", "vjp")
    assert "numpy" not in [backend.name for backend in installed()[0]]
    assert load("numpy").name == "numpy"


def test_a_path_that_is_not_installed_names_what_its_framework_needs(without_jax) -> None:
    with pytest.raises(NotInstalled, match=r"pip install 'gradient-conformance\[jax\]'$"):
        load("jax_eager")


@pytest.mark.parametrize("classes", [(), ("One", "Other")])
def test_a_built_in_module_defines_one_backend(
    classes: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    full_name = "gradient_conformance.implementations.odd"
    module = types.ModuleType(full_name)
    module.__dict__["Backend"] = Backend  # imported: not counted
    for name in classes:
        module.__dict__[name] = type(name, (Backend,), {"__module__": full_name})
    monkeypatch.setitem(sys.modules, full_name, module)
    monkeypatch.setattr(loading, "BUILT_IN", ("odd",))
    with pytest.raises(UnknownBackend, match=f"one subclass of Backend, it defines {len(classes)}"):
        load("odd")


@pytest.mark.parametrize(
    ("version", "says"),
    [(2, "install a newer one"), (0, "bring the adapter up to date"), ("1", "up to date")],
)
def test_an_adapter_for_another_version_of_the_protocol_is_refused(
    version: object, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broken.Zeros, "protocol", version, raising=False)
    with pytest.raises(UnknownBackend, match=f"is written for version {version!r} of .*{says}"):
        load(f"{broken.__name__}:Zeros")
