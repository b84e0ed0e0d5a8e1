"""Arrays that somebody else made, checked against what an identity takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..identities.declaration import Identity
from ..identities.shapes import Sizes, sizes_of
from ..oracles.machine import MACHINES, is_discrete

TYPES = ", ".join(MACHINES)


def read_array(name: str, x: Any) -> np.ndarray:
    """A NumPy array of an array of any framework. Raises TypeError for anything else."""
    kind = f"{type(x).__module__}.{type(x).__qualname__}".removeprefix("builtins.")
    if not hasattr(x, "__array__"):
        raise TypeError(f"{name} is a {kind}, not an array; pass a NumPy array")
    try:
        array = np.asarray(x)
    except Exception as reason:
        raise TypeError(
            f"{name} is a {kind} that cannot be read as a NumPy array ({reason}); pass one"
        ) from None
    native = MACHINES.get(array.dtype.name)
    if native is None and not is_discrete(array):
        raise TypeError(f"{name} holds {array.dtype}; it must hold one of {TYPES}")
    return array.astype(native.dtype) if native else array  # in this machine's byte order


def common_dtype(identity: Identity, arrays: Mapping[str, np.ndarray]) -> str:
    """The one floating-point type of the arguments that have a gradient.

    Raises LookupError where arguments are missing or too many, TypeError where one has no
    floating-point type (or has one, and is an index or a mask), ValueError where types differ.
    """
    names = list(identity.shapes)
    if set(arrays) != set(names):
        raise LookupError(
            f"{identity.name} takes the arguments {', '.join(names)}; given are "
            f"{', '.join(map(str, arrays)) or 'none'}"
        )
    for name in names:
        if is_discrete(arrays[name]) == (name in identity.gradients):
            wanted = TYPES if name in identity.gradients else "integers or booleans"
            raise TypeError(f"{name} holds {arrays[name].dtype}; it must hold {wanted}")
    types = {name: arrays[name].dtype.name for name in identity.gradients}
    if len(set(types.values())) > 1:
        held = ", ".join(f"{name} {dtype}" for name, dtype in types.items())
        raise ValueError(f"the arrays must all hold one type; they hold: {held}")
    return next(iter(types.values()))


def check_arguments(
    identity: Identity, arrays: Mapping[str, np.ndarray], static: Mapping[str, Any]
) -> Sizes:
    """The sizes of the named dimensions.

    Raises ValueError where arrays are empty or not finite, do not fit together, or break a
    condition of the identity.
    """
    for name, x in arrays.items():
        _check_entries(name, x)
    sizes = sizes_of(identity.shapes, {name: arrays[name].shape for name in identity.shapes})
    for name, least in identity.sizes.items():
        size = sizes[name]
        if isinstance(size, int) and size < least:
            raise ValueError(f"{name} is {size}; {identity.name} needs {name} ≥ {least}")
    if identity.fit is not None and (fitted := identity.fit(dict(sizes), **static)) != sizes:
        changed = ", ".join(
            f"{d} = {n} (is {sizes[d]})" for d, n in fitted.items() if n != sizes[d]
        )
        raise ValueError(f"the shapes do not fit together; {identity.name} could have {changed}")
    for condition in identity.domain:
        x = arrays[condition.argument]
        plain = x if is_discrete(x) else x.astype(np.float64)
        if not condition.holds(np, plain, sizes):
            raise ValueError(f"{identity.name} needs: {condition.says}")
    return sizes


def check_cotangent(ybar: np.ndarray, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """The cotangent itself. Raises ValueError where it is not one for such an output."""
    if ybar.shape != shape:
        raise ValueError(f"the cotangent has shape {ybar.shape}; the value has shape {shape}")
    if ybar.dtype.name != dtype:
        raise ValueError(f"the cotangent holds {ybar.dtype}; the other arrays hold {dtype}")
    _check_entries("the cotangent", ybar)
    if not ybar.any():
        raise ValueError("the cotangent is zero all over: every gradient would be zero")
    return ybar


def _check_entries(name: str, x: np.ndarray) -> None:
    if x.size == 0:
        raise ValueError(f"{name} is empty (its shape is {x.shape}): there is nothing to verify")
    finite = np.isfinite(x)
    if not finite.all():
        worst = tuple(int(i) for i in np.argwhere(~finite)[0])
        where = f" at {list(worst)}" if worst else ""
        raise ValueError(f"{name} holds {float(x[worst])}{where}; every entry must be finite")
