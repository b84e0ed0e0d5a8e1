"""Calls that are known to end the process: not made, but for the witness, in one of its own."""

from __future__ import annotations

import functools
import subprocess
import sys

from ..identities import CATALOGUE
from ..implementations.declared import records_of
from ..implementations.implementation import Implementation
from ..implementations.loading import load
from .cases import Case, parse

SECONDS = 120.0
"""How long the witness may take, with the framework's start."""


def deadly(implementation: Implementation, case: Case) -> str:
    """Why this case is not tried: the reason on record; empty where it may be."""
    i, backend = implementation, implementation.backend
    for record in records_of(backend).deviations_of(
        i.identity, i.route, case.dtype, backend.version
    ):
        meant = record.crashes and record.covers_answer(dict(case.sizes), case.arguments())
        if meant and dies(backend.itself.name, i.route, i.identity, case.dtype, record.witness):
            return record.reason
    return ""


@functools.lru_cache(maxsize=64)
def dies(backend: str, route: str, identity: str, dtype: str, line: str) -> bool:
    """Whether a case ends a process of its own on this machine: it may depend on the processor."""
    call = f"call_once({backend!r}, {route!r}, {identity!r}, {dtype!r}, {line!r})"
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


def call_once(backend: str, route: str, identity: str, dtype: str, line: str) -> None:
    """Ask a backend for value and gradients of one case, whatever becomes of this process."""
    declared = CATALOGUE[identity]
    case = parse(identity, dtype, line)
    implementation = Implementation(load(backend), route, identity, declared.forward)
    wrt = tuple(declared.gradients)
    implementation.vjp(case.arguments(), wrt, case.cotangent(), case.parameters)
