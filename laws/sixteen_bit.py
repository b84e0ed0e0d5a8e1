"""The regime *every*: all finite numbers of a 16-bit type, in order, a run of them in each case."""

from __future__ import annotations

import functools

import numpy as np

from ..identities.declaration import Identity
from ..oracles.machine import Machine

EVERY = "every"
"""The regime's name. A case of n entries and seed k has the numbers k·n to (k + 1)·n − 1."""


def has_every(identity: Identity, machine: Machine) -> bool:
    """Whether all inputs can be tried: an element-wise function, in a type of 16 bits."""
    return identity.elementwise and machine.dtype.itemsize == 2


@functools.cache
def numbers(machine: Machine) -> np.ndarray:
    """Every finite number of a 16-bit type, as float64, from the lowest to −0, 0 to the largest."""
    infinity = int(np.array(np.inf, machine.dtype).view(np.uint16))  # the pattern after the last
    positive = np.arange(infinity, dtype=np.uint16).view(machine.dtype).astype(np.float64)
    return np.concatenate([-positive[::-1], positive])


@functools.cache
def cotangents(machine: Machine) -> np.ndarray:
    """A cotangent for each of those numbers: signed, drawn once, the same however they are cut."""
    rng = np.random.default_rng(16)
    return rng.standard_normal(len(numbers(machine)))


def run_of(all_of_them: np.ndarray, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """The entries from seed · size on, in that shape; after the last comes the first."""
    size = int(np.prod(shape, dtype=np.int64))
    start = seed * size % len(all_of_them)
    return np.take(all_of_them, range(start, start + size), mode="wrap").reshape(shape)
