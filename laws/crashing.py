"""Calls that are known to end the process: not made, but for the witness, in one of its own."""

from __future__ import annotations

import functools
import subprocess
import sys

import numpy as np

from ..identities import CATALOGUE
from ..implementations.declared import records_of
from ..implementations.implementation import Implementation
from ..implementations.loading import load
from .cases import Case, parse

SECONDS = 120.0
"""How long the witness may take, with the framework's start."""


def deadly(implementation: Implementation, case: Case, ability: str) -> str:
    """Why this call is not made: the reason on record; empty where it may be.

    ``ability`` is what is called: ``"vjp"``, ``"compiled_vjp"``, ``"hvp reverse over reverse"``.
    """
    i, backend = implementation, implementation.backend
    known = records_of(backend).deviations_of(i.identity, i.route, case.dtype, backend.version)
    ending = [record for record in known if record.ends_process(ability)]
    if not ending:
        return ""
    at = dict(case.sizes), case.parameters, case.arguments()
    asked = backend.itself.name, i.route, i.identity, case.dtype
    for record in ending:
        if record.holds_at(*at) and dies(*asked, record.witness, ability):
            return record.reason
    return ""


@functools.lru_cache(maxsize=64)
def dies(backend: str, route: str, identity: str, dtype: str, line: str, ability: str) -> bool:
    """Whether a call ends a process of its own on this machine: it may depend on the processor."""
    call = f"call_once({backend!r}, {route!r}, {identity!r}, {dtype!r}, {line!r}, {ability!r})"
    try:
        child = subprocess.run(
            [sys.executable, "-c", f"from {__name__} import call_once; {call}"],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:  # nor would this process come back from it
        return True
    return child.returncode not in (0, 1)  # 1: Python itself raised, and lived to say so


def call_once(backend: str, route: str, identity: str, dtype: str, line: str, ability: str) -> None:
    """Ask a backend one question about a case, whatever becomes of this process.

    Of ``"hvp"`` each nesting that the backend has, unless ``ability`` names one.
    """
    declared = CATALOGUE[identity]
    case = parse(identity, dtype, line)
    implementation = Implementation(load(backend), route, identity, declared.forward)
    arguments, static, ybar = case.arguments(), case.parameters, case.cotangent()
    method, _, nesting = ability.partition(" ")
    if method == "jvp":
        implementation.jvp(arguments, case.tangents(), static)
    elif method == "hvp":
        for each in [nesting] if nesting else implementation.backend.nestings:
            implementation.hvp(each, arguments, ybar, case.tangents(), static)
    else:
        if method == "batched_vjp":
            arguments = {name: np.stack([x, x]) for name, x in arguments.items()}
        if method in ("batched_vjp", "accumulated_vjp"):
            ybar = np.stack([ybar, ybar])
        implementation.vjp(arguments, tuple(declared.gradients), ybar, static, method=method)
