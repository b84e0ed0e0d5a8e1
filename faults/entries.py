"""Faults in the entries of one gradient: all of them wrong, or one."""

from __future__ import annotations

from .declaration import gradient_fault
from .kinds import is_array, may_be_a_matrix

SYMMETRIC = {
    "trace": "the gradient is a multiple of the unit matrix: it is its own transpose",
    "quadratic_form:A": "the gradient for A is f̄ x xᵀ: it is its own transpose",
    "trace_of_quadratic:A": "the gradient for A is f̄ X Xᵀ: it is its own transpose",
    "gaussian_log_likelihood:S": "S is symmetric, and so is its gradient",
}
"""Gradients that are their own transpose."""

PRECISE = ("float64", "float32")


@gradient_fault("the gradient is zero")
def zero(call, g, name):
    return 0 * g


@gradient_fault("the sign is wrong")
def sign(call, g, name):
    return -g


@gradient_fault("a factor 2 too much")
def doubled(call, g, name):
    return 2 * g


@gradient_fault("a factor 2 is missing")
def halved(call, g, name):
    return g / 2


@gradient_fault("transposed, where it is square", applies=may_be_a_matrix,
                equivalent=SYMMETRIC)  # fmt: skip
def transposed(call, g, name):
    square = g.ndim > 1 and g.shape[-1] == g.shape[-2]
    return g.swapaxes(-1, -2) if square else g


@gradient_fault("a factor n too much, the length of the argument", applies=is_array)
def times_n(call, g, name):
    return g * max(g.shape, default=1)


@gradient_fault("a factor n is missing, the length of the argument", applies=is_array)
def over_n(call, g, name):
    return g / max(1, *g.shape) if g.ndim else g


@gradient_fault("a factor √d too much: 1/√d is missing", applies=is_array)
def times_root_d(call, g, name):
    return g * g.shape[-1] ** 0.5 if g.ndim else g


@gradient_fault("a factor 1/√d too much: it is there twice", applies=is_array)
def over_root_d(call, g, name):
    return g / max(1, g.shape[-1]) ** 0.5 if g.ndim else g


def _one_entry(g, change):
    """One entry changed, in the middle of the array."""
    if g.size:
        g.flat[g.size // 2] = change(g.flat[g.size // 2])
    return g


@gradient_fault("one entry is zero")
def one_entry_zero(call, g, name):
    return _one_entry(g, lambda x: 0 * x)


@gradient_fault("one entry has the wrong sign")
def one_entry_negated(call, g, name):
    return _one_entry(g, lambda x: -x)


@gradient_fault("one entry is off by a tenth")
def one_entry_off_by_a_tenth(call, g, name):
    return _one_entry(g, lambda x: x * g.dtype.type(1.1))


@gradient_fault("one entry is off by one part in a million", dtypes=("float64",))
def one_entry_off_by_a_millionth(call, g, name):
    return _one_entry(g, lambda x: x * (1 + 1e-6))


@gradient_fault("the gradient is off by one part in a hundred thousand", dtypes=("float64",))
def off_by_a_hundred_thousandth(call, g, name):
    return g * (1 + 1e-5)


@gradient_fault("the gradient is off by one part in a thousand", dtypes=PRECISE)
def off_by_a_thousandth(call, g, name):
    return g * g.dtype.type(1.001)


@gradient_fault("two entries are swapped, the first and the last", applies=is_array,
                equivalent={"trace": "the gradient is f̄ all along the diagonal"})  # fmt: skip
def two_entries_swapped(call, g, name):
    if g.size:
        first, last = g.flat[0], g.flat[g.size - 1]
        g.flat[0], g.flat[g.size - 1] = last, first
    return g
