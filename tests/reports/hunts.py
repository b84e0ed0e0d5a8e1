"""Hunts for faults made up for the tests: small ones to change, hostile ones, one of full size."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gradient_conformance.faults import FAULTS
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws import LAWS
from gradient_conformance.reports.teeth import FILE, read_teeth
from gradient_conformance.reports.teeth_lines import Teeth
from gradient_conformance.tests.reports.synthetic import COLUMNS, HOSTILE, environment

MISTAKES = {
    "sign": {"says": "the sign is wrong", "family": "entries"},
    "doubled": {"says": "a factor 2 too much", "family": "entries"},
    "transposed": {"says": "transposed, where it is square", "family": "axes"},
}


def row(**changes: Any) -> dict[str, Any]:
    """What became of a fault at one place: killed at the third example."""
    told = {
        "identity": "softmax",
        "backend": "torch",
        "route": "native",
        "dtype": "float32",
        "fault": "sign",
        "outcome": "killed",
        "laws": ["gradient"],
        "examples": 3,
        "hunts": 2,
        "case": "n=4 regime=ties seed=1",
    }
    return told | changes


def alarm(**changes: Any) -> dict[str, Any]:
    """A false alarm: a law that failed where there is no fault."""
    told = row(outcome="false alarm", laws=["facts"], seed=2)
    del told["fault"], told["hunts"]
    return told | changes


def hunt(*rows: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A whole file; a change in ``ran`` is one of its environment."""
    ran = {
        **environment(profile="ci"),
        "seeds": [0, 1],
        "seconds": 754.0,
        "complete": True,
        "units": [6, 6],
        **changes.pop("ran", {}),
    }
    whole = {
        "kind": "teeth",
        "schema": 1,
        "environment": ran,
        "faults": MISTAKES,
        "rows": list(rows),
        "controls": [],
    }
    return whole | changes


def read(folder: Path, whole: Any) -> Teeth:
    """The hunt, written and read back."""
    return read_teeth(write(folder, whole))


def write(folder: Path, whole: Any) -> Path:
    """Write ``teeth.json``: an object as JSON, a text or bytes as they are."""
    path = folder / FILE
    content = whole if isinstance(whole, str | bytes) else json.dumps(whole)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def hostile() -> dict[str, Any]:
    """Every text that a file can hold is hostile; each in every list of the page."""
    place = dict.fromkeys(("identity", "backend", "route", "dtype", "case"), HOSTILE)
    told = {**place, "fault": HOSTILE, "laws": [HOSTILE], "reason": HOSTILE}
    rows = [
        row(**told | {"outcome": outcome})
        for outcome in ("killed", "survived", "equivalent", "hidden")
    ]
    return hunt(
        *rows,
        row(**told | {"identity": "softmax"}),
        faults={HOSTILE: {"says": HOSTILE, "family": HOSTILE}},
        controls=[alarm(**place, laws=[HOSTILE])],
        sensitivity=[{"identity": HOSTILE, "dtype": HOSTILE, "whole": 0.1, "entry": None}],
        sensitivity_of={"runs": 1, "profile": HOSTILE},
        ran={
            "versions": {HOSTILE: HOSTILE},
            "missing": {HOSTILE: HOSTILE},
            **dict.fromkeys(("command", "profile", "started", "platform", "catalogue"), HOSTILE),
        },
    )


def full_size(every: int = 1) -> dict[str, Any]:
    """Every fault on every identity that it can be put on, by five implementations, in two types.

    With ``every`` only each so-many-th identity. More rows than a real hunt has: here every
    implementation has every method.
    """
    draw = random.Random(0)
    laws = list(LAWS)
    rows = [
        row(
            identity=name,
            backend=backend,
            route=route,
            dtype=dtype,
            fault=fault.name,
            laws=draw.sample(laws, draw.choice((1, 2, 3))),
            examples=draw.choice((1, 1, 2, 5, 30, 70)),
            outcome=draw.choices(("killed", "equivalent", "survived"), (200, 4, 1))[0],
            reason="a row of one entry, normalised, is 0: so is its gradient, and twice that",
        )
        for name, identity in list(CATALOGUE.items())[::every]
        for fault in FAULTS.values()
        if fault.subjects(identity)
        for backend, route in COLUMNS
        for dtype in ("float64", "float32")
    ]
    faults = {name: {"says": f.says, "family": f.family} for name, f in FAULTS.items()}
    return hunt(*rows, faults=faults)
