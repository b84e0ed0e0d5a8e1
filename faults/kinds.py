"""Where faults apply: to identities by name, or to one argument of them."""

from __future__ import annotations

import functools
from math import prod

import numpy as np

from ..identities.declaration import Identity
from ..laws.cases import Case, directional, expected, output_shape
from ..laws.shape_pool import shapes_of, telling_shapes_of
from ..laws.strategies import static_choices
from .declaration import Applies


def of(*names: str) -> Applies:
    """To every gradient of these identities."""
    return lambda identity, argument: identity.name in names


def of_argument(**arguments: str) -> Applies:
    """To the gradient of one argument of each: ``of_argument(embedding="W")``."""
    return lambda identity, argument: arguments.get(identity.name) == argument


def is_array(identity: Identity, argument: str | None) -> bool:
    """Whether the argument has a dimension at all."""
    return argument is not None and bool(identity.shapes[argument])


def may_be_a_matrix(identity: Identity, argument: str | None) -> bool:
    """Whether the argument may have two dimensions or more."""
    words = identity.shapes[argument].split() if argument else []
    return len(words) > 1 or any(word == "..." or word.startswith("*") for word in words)


def has_a_matrix(identity: Identity, argument: str | None) -> bool:
    """Whether any argument may have two dimensions or more."""
    return any(may_be_a_matrix(identity, name) for name in identity.shapes)


def may_be_empty(identity: Identity, argument: str | None) -> bool:
    """Whether a dimension of any argument may be 0, once sizes were made to fit together."""
    pool = shapes_of(identity.name, 16, 0)
    static = static_choices(identity.name)[0]
    cases = (Case(identity.name, "float64", sizes, static) for sizes in pool)
    return any(x.size == 0 for case in cases for x in case.arguments().values())


def is_not_scalar(identity: Identity, argument: str | None) -> bool:
    """Whether the output has more entries than one."""
    case = _cubic(identity, 0)
    return prod(output_shape(identity.name, case.sizes, case.static)) > 1


@functools.lru_cache(maxsize=512)
def depends_on_arguments(identity: Identity, argument: str | None) -> bool:
    """Whether the documented gradient is another one at another point; of a linear map it is not.

    Seen at two drawn points with one cotangent, beside which parameters stay the same.
    """
    assert argument is not None
    one, other = _cubic(identity, 1), _cubic(identity, 2)
    ybar = one.cotangent()
    (a, _), (b, _) = (expected(case, ybar).ends(argument) for case in (one, other))
    return not np.array_equal(a, b)


@functools.lru_cache(maxsize=512)
def has_curvature(identity: Identity, argument: str | None) -> bool:
    """Whether H v is more than zero at a drawn point."""
    case = _cubic(identity, 1)
    found = directional(case, case.cotangent(), "tangent")
    targets = (found.hvp(name) for name in identity.gradients)
    return any(bool(np.any(target.exact)) for target in targets if target is not None)


def _cubic(identity: Identity, seed: int) -> Case:
    static = static_choices(identity.name)[-1]
    return Case(identity.name, "float64", telling_shapes_of(identity.name)[0], static, seed=seed)
