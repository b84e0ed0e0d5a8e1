"""Faults in the order of axes and in the indices of entries."""

from __future__ import annotations

import numpy as np

from .declaration import fault, gradient_fault
from .kinds import of, of_argument

ROWS = ("softmax", "log_softmax", "sort")
"""Functions of rows, the last axis, that keep the shape."""


@gradient_fault("the last axis, −1, is taken for 1", applies=of(*ROWS))
def last_axis_taken_for_the_second(call, g, name):
    if g.ndim < 3:
        return g
    turned = {k: x.swapaxes(1, -1) for k, x in call.arguments.items()}
    return call.gradient(name, arguments=turned, ybar=call.ybar.swapaxes(1, -1)).swapaxes(1, -1)


@gradient_fault("an axis counted from the end is counted from the start",
                applies=of("sum_reduction"))  # fmt: skip
def negative_axis_taken_as_positive(call, g, name):
    axis = call.parameters["axis"]
    if axis is None:
        return g
    axes = axis if isinstance(axis, tuple) else (axis,)
    if min(axes) >= 0 or len(set(g.shape)) > 1:
        return g
    positive = tuple(dict.fromkeys(abs(a) for a in axes))
    other = {**call.parameters, "axis": positive}
    return call.gradient(name, parameters=other) if len(positive) == len(axes) else g


@gradient_fault("the permutation itself, not its inverse", applies=of("permutation"))
def permutation_inverted_twice(call, g, name):
    wrong = np.transpose(call.ybar, call.parameters["axes"])
    return wrong if wrong.shape == g.shape else g


@gradient_fault("entries are read column by column", applies=of("transpose", "reshape"))
def entries_read_by_columns(call, g, name):
    """The cotangent's entries in their order, the first index fastest; of a transpose as they are.

    Where the shape does not show it, only the entries do.
    """
    if call.identity.name == "reshape":
        return np.reshape(call.ybar, g.shape, order="F")
    return call.ybar.reshape(g.shape)


@gradient_fault("an index that comes again overwrites, where it should add",
                applies=of("embedding", "gather", "gather_in_columns"))  # fmt: skip
def repeated_index_overwrites(call, g, name):
    """The cotangent of every occurrence but the last is dropped."""
    i, ybar = call.arguments["i"], call.ybar.copy()
    if call.identity.name == "embedding":
        for k in range(len(i)):
            if i[k] in i[k + 1 :]:
                ybar[k] = 0
        return call.gradient(name, ybar=ybar)
    turned = call.identity.name == "gather_in_columns"
    rows, bars = (i.T, ybar.T) if turned else (i, ybar)  # views: what is written is in ybar
    for row, bar in zip(rows, bars, strict=True):
        for k in range(len(row)):
            if row[k] in row[k + 1 :]:
                bar[k] = 0
    return call.gradient(name, ybar=ybar)


@gradient_fault("every index is one too high",
                applies=of_argument(embedding="W", gather="X", gather_in_columns="X",
                                     scatter_add="X", slice_of_rows="X"))  # fmt: skip
def index_off_by_one(call, g, name):
    """The rows of the gradient, or what is indexed, one place on."""
    axis = 1 if call.identity.name == "gather" else 0
    return np.roll(g, 1, axis=axis)


@fault("tied entries have the whole gradient each", applies=of("max_reduction", "maximum"))
def ties_have_all(call):
    return _at_ties(call, share=1.0)


@fault("tied entries have no gradient", applies=of("max_reduction", "maximum"))
def ties_have_none(call):
    return _at_ties(call, share=0.0)


def _at_ties(call, share):
    """All entries of a tie together: one alone may be given it all, by convention."""
    value, gradients = call.right()
    x = call.arguments["x"]
    if call.identity.name == "maximum":
        on, ybar = x == call.arguments["y"], call.ybar
    else:
        largest = x == np.max(x, axis=-1, keepdims=True)
        on = largest & (np.sum(largest, axis=-1, keepdims=True) > 1)
        ybar = np.broadcast_to(call.ybar[..., None], x.shape)
    whole = share * ybar.astype(np.float64)
    return value, {n: np.where(on, whole, g.astype(np.float64)) for n, g in gradients.items()}
