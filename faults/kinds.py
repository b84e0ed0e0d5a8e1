"""Where faults apply: to identities by name, or to one argument of them."""

from __future__ import annotations

from ..identities.declaration import Identity
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


def may_be_empty(identity: Identity, argument: str | None) -> bool:
    """Whether a dimension of any argument may be 0."""
    words = [word for shape in identity.shapes.values() for word in shape.split()]
    return any(not word.isdigit() and identity.sizes.get(word, 0) == 0 for word in words)
