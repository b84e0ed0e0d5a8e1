"""Faults that only some sizes show."""

from __future__ import annotations

import numpy as np

from .declaration import gradient_fault
from .kinds import is_array, may_be_empty


def _last_block_dropped(g, block):
    """Of an axis that is longer than a block, what is left after the last full one is zero."""
    for axis, n in enumerate(g.shape):
        if n > block:
            g.swapaxes(0, axis)[n // block * block :] = 0
    return g


@gradient_fault("blocks of 8: what is left after the last full one is dropped", applies=is_array)
def last_block_of_8_dropped(call, g, name):
    return _last_block_dropped(g, 8)


NINE = {
    "determinant_by_cofactors": "its exact cofactors cost n⁵ operations, so that it is tried up to "
    "9; the same primitive is tried on longer matrices as determinant"
}
"""Where no longer dimension is tried than 9."""


@gradient_fault("blocks of 16: what is left after the last full one is dropped",
                applies=is_array, equivalent=NINE)  # fmt: skip
def last_block_of_16_dropped(call, g, name):
    return _last_block_dropped(g, 16)


@gradient_fault("blocks of 32: what is left after the last full one is dropped",
                applies=is_array, equivalent=NINE)  # fmt: skip
def last_block_of_32_dropped(call, g, name):
    return _last_block_dropped(g, 32)


@gradient_fault("wrong only where some dimension is longer than 32", equivalent=NINE)
def wrong_above_32(call, g, name):
    longest = max((n for x in call.arguments.values() for n in x.shape), default=0)
    return -g if longest > 32 else g


OF_ONE_ENTRY = "a row of one entry, normalised, is 0: so is its gradient, and twice that"


@gradient_fault("wrong only where a dimension is 1", applies=is_array,
                equivalent={"layer_normalisation:scale": OF_ONE_ENTRY})  # fmt: skip
def wrong_for_size_1(call, g, name):
    return 2 * g if 1 in g.shape else g


@gradient_fault("wrong only where a dimension is empty", applies=may_be_empty)
def wrong_for_empty(call, g, name):
    """Not a number where there is a gradient all the same; another shape where there is none."""
    if not any(x.size == 0 for x in [*call.arguments.values(), call.ybar]):
        return g
    return np.full(g.shape, np.nan) if g.size else np.zeros((*g.shape, 1))
