"""The first line of a ledger: what ran, on what, with which versions."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..identities import CATALOGUE
from ..identities.digest import catalogue_hash
from ..implementations.devices import device_of
from ..implementations.protocol import Backend
from .selection import Selection

COMPOSED = "composed"
"""What a ledger calls all that an array namespace does, beside the names of native functions."""

PACKAGES = ("numpy", "hypothesis", "pytest", "python-flint", "ml_dtypes")


def environment(selection: Selection, arguments: Sequence[str]) -> dict[str, Any]:
    """Versions, choice and a hash of the catalogue, as JSON types."""
    return {
        "package": package_version("gradient-conformance"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "versions": {name: package_version(name) for name in PACKAGES},
        "backends": [_tried(backend) for _, backend in selection.backends],
        "missing": selection.missing,
        "profile": selection.profile_name,
        "seed": selection.seed,
        "catalogue": catalogue_hash(),
        "identities": len(CATALOGUE),
        "dtypes": list(selection.dtypes),
        "command": command(arguments),
        **({"shard": "{}/{}".format(*selection.shard)} if selection.shard else {}),
    }


def _tried(backend: Backend) -> dict[str, Any]:
    """Name, version, types and routes; device and bits of matrix products where they are said."""
    less = {
        dtype: {
            primitive or COMPOSED: bits
            for primitive in ("", *backend.native)
            if (bits := backend.product_bits(dtype, primitive)) is not None
        }
        for dtype in backend.dtypes
    }
    product_bits = {dtype: bits for dtype, bits in less.items() if bits}
    device = device_of(backend)
    return {
        "name": backend.name,
        "version": backend.version,
        "dtypes": list(backend.dtypes),
        "routes": ["native"] if backend.namespace is None else ["composed", "native"],
        **({"device": device} if device else {}),
        **({"product_bits": product_bits} if product_bits else {}),
    }


def package_version(name: str) -> str:
    """An installed distribution's version, or "not installed"."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def command(arguments: Sequence[str]) -> str:
    """The command line as it was typed."""
    if Path(sys.argv[0]).name in ("gradient-conformance", "__main__.py"):
        return shlex.join(["gradient-conformance", *sys.argv[1:]])
    return shlex.join(["pytest", *arguments])
