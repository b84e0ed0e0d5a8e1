"""Points without a derivative: where they are, and the ways off them.

A function that picks by comparing (the larger of two, the largest of a row, the order of a row) has
no derivative where what it compares is equal, and a norm has none at zero. To either side there is
one; ``ways`` are the sides, each a step for some arguments.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Tie:
    """Where equal entries, or a row of zeros, leave a function without a derivative.

    ``ways(xp, arguments)`` is a list of steps by argument name, arrays of whole numbers to be
    multiplied by something tiny: one for every side of the tie, and none where there is no tie.
    """

    says: str
    ways: Callable[[Any, Mapping[str, Any]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Point:
    """A point at which implementations may differ, as literal numbers, the smallest that show it.

    ``arguments`` are nested lists by name and ``parameters`` the static values; ``ybar`` is the
    cotangent, ones where it is None. ``limits`` are the one-sided derivatives, lowest and highest,
    of those arguments for which no step off the point shows them: an infinite slope, or an argument
    that may not be stepped to both sides. At numbers that are not finite what is returned is
    recorded, and not judged.
    """

    says: str
    arguments: Mapping[str, Any]
    ybar: Any = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def equal_arguments(a: str, b: str) -> Tie:
    """Entries of two arguments of one shape that are equal: either may be the larger."""

    def ways(xp: Any, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
        on = xp.astype(arguments[a] == arguments[b], xp.float64)
        return [{a: on}, {b: on}] if xp.any(on) else []

    return Tie(f"{a} = {b}", ways)


def equal_entries(argument: str) -> Tie:
    """Equal entries of a row of the last axis: each may come first, second and so on.

    Turning the order round, once for every entry, puts each entry of a tie in each of its places.
    """

    def ways(xp: Any, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
        x = arguments[argument]
        n = x.shape[-1]
        pairs = xp.sum(xp.astype(x[..., :, None] == x[..., None, :], xp.float64), axis=-1)
        tied = xp.astype(pairs > 1, xp.float64)
        turns = [(xp.arange(n) + k) % n for k in range(n)]
        return [{argument: tied * turn} for turn in turns] if xp.any(tied) else []

    return Tie(f"equal entries of {argument}", ways)


def zero_rows(argument: str) -> Tie:
    """Rows of the last axis that are zero all over: a step along any entry leads off."""

    def ways(xp: Any, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
        x = arguments[argument]
        zero = xp.astype(xp.all(x == 0, axis=-1, keepdims=True), xp.float64)
        steps = [zero * side * row for row in xp.eye(x.shape[-1]) for side in (-1.0, 1.0)]
        return [{argument: step} for step in steps] if xp.any(zero) else []

    return Tie(f"{argument} = 0, all of a row", ways)


def at_numbers(kinks: Mapping[str, Sequence[float]]) -> Tie:
    """Entries that are one of the numbers given for their argument; a step down, or one up."""

    def ways(xp: Any, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
        on = {
            name: xp.astype(xp.isin(arguments[name], xp.asarray(numbers)), xp.float64)
            for name, numbers in kinks.items()
        }
        found = any(xp.any(entries) for entries in on.values())
        return [{k: side * x for k, x in on.items()} for side in (-1, 1)] if found else []

    says = "; ".join(f"{k} = {', '.join(f'{x:g}' for x in xs)}" for k, xs in kinks.items())
    return Tie(says, ways)
