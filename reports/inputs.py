"""What went into a case: its arrays as the ledger has them, or built again from its line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ..identities import CATALOGUE
from ..identities.digest import catalogue_hash
from ..identities.shapes import concrete
from ..laws.cases import COTANGENT, output_shape, parse
from ..oracles.machine import MACHINES
from . import arrays
from .lines import Entry, Environment

NUMBERS = 64
"""So many numbers in all of a case are written out; of larger ones the case makes them again."""

Arrays = tuple[tuple[str, str], ...]
"""Name and Python expression of each argument, and at the end of the cotangent, ``ybar``."""

_now = lru_cache(maxsize=1)(catalogue_hash)


def inputs_of(entry: Entry, ran: Environment, limit: int = NUMBERS) -> Arrays | None:
    """The arguments of an entry's case and its cotangent, as Python to be read or run.

    Those of a failure stand in the ledger. Any other's are built from the case's line, where this
    is the catalogue that the ledger was made with. None where they are more than ``limit`` numbers,
    or not known.
    """
    given = entry.shown.get("arguments")
    if isinstance(given, dict) and given and COTANGENT in entry.shown:
        return _written({**given, COTANGENT: entry.shown[COTANGENT]}, entry.dtype, limit)
    if entry.case is None or ran.catalogue != _now() or entry.dtype not in MACHINES:
        return None
    return _built(entry.identity, entry.dtype, entry.case, limit)


@lru_cache(maxsize=16384)
def _built(identity: str, dtype: str, line: str, limit: int) -> Arrays | None:
    """The arrays of a case. A line that makes none, or large ones, is never followed so far."""
    try:
        case = parse(identity, dtype, line)
        sizes = dict(case.sizes)
        shapes = [concrete(shape, sizes) for shape in CATALOGUE[identity].shapes.values()]
        if sum(map(math.prod, shapes)) > limit:
            return None
        if math.prod(output_shape(identity, case.sizes, case.static)) > limit:
            return None
        made = {**case.arguments(), COTANGENT: case.cotangent()}
    except (ValueError, KeyError, IndexError, ArithmeticError):
        return None  # the ledger is not what this catalogue makes
    return _written({name: x.tolist() for name, x in made.items()}, dtype, limit)


def _written(values: Mapping[str, Any], dtype: str, limit: int) -> Arrays | None:
    shapes = [arrays.shape_of(x) for x in values.values()]
    if any(shape is None or 0 in shape for shape in shapes):
        return None  # lists do not tell the shape of what is empty
    if sum(math.prod(shape or ()) for shape in shapes) > limit:
        return None
    written = [(str(name), arrays.expression(x, dtype)) for name, x in values.items()]
    return None if any(not text for _, text in written) else tuple(written)
