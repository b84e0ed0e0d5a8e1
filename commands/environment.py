"""The first line of a ledger: what ran, on what, with which versions."""

from __future__ import annotations

import hashlib
import inspect
import platform
import shlex
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ..identities import CATALOGUE
from ..identities.declaration import Identity
from .selection import Selection

PACKAGES = ("numpy", "hypothesis", "pytest", "python-flint", "ml_dtypes")


def environment(selection: Selection, arguments: Sequence[str]) -> dict[str, Any]:
    """Versions, choice and a hash of the catalogue, as JSON types."""
    return {
        "package": package_version("gradient-conformance"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "versions": {name: package_version(name) for name in PACKAGES},
        "backends": [
            {
                "name": backend.name,
                "version": backend.version,
                "dtypes": list(backend.dtypes),
                "routes": ["native"] if backend.namespace is None else ["composed", "native"],
            }
            for _, backend in selection.backends
        ],
        "missing": selection.missing,
        "profile": selection.profile_name,
        "seed": selection.seed,
        "catalogue": catalogue_hash(),
        "identities": len(CATALOGUE),
        "dtypes": list(selection.dtypes),
        "command": shlex.join(["gradient-conformance", "run", *arguments]),
    }


def package_version(name: str) -> str:
    """An installed distribution's version, or "not installed"."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def catalogue_hash() -> str:
    """Twelve hex digits that change when any identity's definition does."""
    digest = hashlib.sha256()
    for name in sorted(CATALOGUE):
        digest.update(_definition(CATALOGUE[name]).encode())
    return digest.hexdigest()[:12]


def _definition(identity: Identity) -> str:
    functions = [identity.forward, identity.pullback]
    source = "".join(inspect.getsource(f) for f in functions if f is not None)
    return f"{identity.name} {dict(identity.shapes)} {dict(identity.gradients)} {source}"
