"""Find a backend by name: built in, an installed entry point, or ``module:Class``."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Mapping
from importlib.metadata import entry_points

from ..oracles.machine import MACHINES
from . import __path__ as _folder
from .declared import framework_of
from .devices import NoSuchDevice, check_claims, on_device
from .protocol import PROTOCOL, Backend

GROUP = "gradient_conformance.backends"
_MACHINERY = {"declared", "devices", "implementation", "loading", "protocol"}

BUILT_IN: tuple[str, ...] = tuple(
    sorted(m.name for m in pkgutil.iter_modules(_folder) if m.name not in _MACHINERY)
)

COMMON = ("jax", "numpy", "torch")
"""The frameworks that are tried where no backend is named; the others are imported only then."""


class UnknownBackend(ValueError):
    """No backend of that name exists, or it is no backend."""


class NotInstalled(UnknownBackend):
    """The backend exists and what it adapts is not installed."""


def load(name: str) -> Backend:
    """The backend of that name: built in, an installed entry point, or ``module:Class``.

    ``NAME@DEVICE`` is the same on a device of its choice. Raises UnknownBackend in words where
    there is none, NotInstalled (which is one) where what it adapts is absent.
    """
    name, at, device = name.partition("@")
    if at:
        try:
            return on_device(load(name), device)
        except NoSuchDevice as reason:
            raise UnknownBackend(str(reason)) from None
    if ":" in name:
        return _from_class(name)
    if name in BUILT_IN:
        return _built_in(name)
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            return _from_class(entry.value.partition("[")[0].strip())
    external = sorted(entry.name for entry in entry_points(group=GROUP))
    raise UnknownBackend(
        f"there is no backend {name!r}. Built in: {', '.join(BUILT_IN)}. Installed entry points of "
        f"{GROUP}: {', '.join(external) or 'none'}. A class of your own: --backend module:Class"
    )


def installed(paths: bool = True) -> tuple[list[Backend], dict[str, str]]:
    """The backends of the common frameworks that can be imported, and for the others why not.

    Without ``paths`` only one of each framework; never one that is there for one ability alone.
    """
    found, missing = [], {}
    for name in BUILT_IN:
        framework = framework_of(name)
        if framework not in COMMON or (name != framework and not paths):
            continue
        try:
            found.append(_built_in(name))
        except NotInstalled as reason:
            missing[name] = str(reason)
    return [backend for backend in found if not backend.only_for], missing


def _built_in(name: str) -> Backend:
    try:
        module = importlib.import_module(f".{name}", __package__)
    except ModuleNotFoundError as missing:
        raise NotInstalled(
            f"backend {name!r} needs {missing.name}, which is not installed: "
            f"pip install 'gradient-conformance[{framework_of(name)}]'"
        ) from None
    except Exception as broken:
        raise NotInstalled(
            f"backend {name!r} is installed and cannot be imported: "
            f"{type(broken).__name__}: {broken}"
        ) from broken
    classes = [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, Backend)
        and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise UnknownBackend(
            f"implementations/{name} must define one subclass of Backend, it defines {len(classes)}"
        )
    return classes[0]()


def _from_class(spec: str) -> Backend:
    module_name, _, class_name = spec.partition(":")
    if not module_name or module_name.startswith("."):
        raise UnknownBackend(f"backend {spec!r} names no module; write module:Class")
    try:
        module = importlib.import_module(module_name)
    except Exception as reason:
        raise UnknownBackend(
            f"backend {spec!r}: the module {module_name!r} cannot be imported "
            f"({type(reason).__name__}: {reason}). It must be installed, or its folder named in "
            "PYTHONPATH"
        ) from reason
    found = getattr(module, class_name, None)
    if found is None:
        raise UnknownBackend(f"backend {spec!r}: {module_name!r} has no class {class_name!r}")
    if not (inspect.isclass(found) and issubclass(found, Backend)):
        raise UnknownBackend(f"backend {spec!r} is not a subclass of gradient_conformance.Backend")
    name, dtypes = found.name, found.dtypes
    named = isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_.+-]{1,40}", name)
    typed = isinstance(dtypes, tuple | list) and dtypes and set(dtypes) <= set(MACHINES)
    if not (named and typed and isinstance(found.native, Mapping)):
        raise UnknownBackend(
            f"backend {spec!r} must set name (a word of at most 40 letters, digits and _.+-) and "
            f"dtypes (such as ('float64', 'float32'), of {', '.join(MACHINES)}), and native, where "
            f"it is set, to a dict; name is {name!r}, dtypes {dtypes!r}"
        )
    if found.protocol != PROTOCOL:
        raise UnknownBackend(
            f"backend {spec!r} is written for version {found.protocol!r} of the adapter protocol; "
            f"this gradient-conformance has version {PROTOCOL}: "
            + ("install a newer one" if _newer(found.protocol) else "bring the adapter up to date")
        )
    try:
        backend = found()
        if not isinstance(backend.version, str):
            raise TypeError(f"version is {backend.version!r}, not a text")
        check_claims(backend)
    except Exception as reason:
        raise UnknownBackend(
            f"backend {spec!r} cannot be used: {type(reason).__name__}: {reason}"
        ) from reason
    return backend


def _newer(version: object) -> bool:
    return isinstance(version, int) and version > PROTOCOL
