"""The shape language: ``"m n"`` is a matrix, ``""`` a scalar, ``"... n"`` any rank with n last.

A name stands for the same size wherever an identity uses it; a number stands for itself. ``...``
stands for any number of dimensions, the same ones everywhere; ``*a`` and ``*b`` are like it, each
with dimensions of its own. Where ``...`` is all there is, the function works entry by entry: what
mixes the entries of an axis names that axis.
"""

from collections.abc import Mapping, Sequence

Sizes = Mapping[str, int | tuple[int, ...]]


def parse_shape(text: str) -> tuple[str, ...]:
    """Split a shape into its dimensions. Raises ValueError where it is not one."""
    dimensions = tuple(text.split())
    for position, dimension in enumerate(dimensions):
        if dimension == "..." and position == 0:
            continue
        if not (dimension.removeprefix("*").isidentifier() or dimension.isdigit()):
            raise ValueError(
                f"{dimension!r} in the shape {text!r} is neither a name, a number, a leading ... "
                "nor a name with a star"
            )
    return dimensions


def is_many(dimension: str) -> bool:
    """Whether it stands for any number of dimensions, so that its size is a tuple."""
    return dimension == "..." or dimension.startswith("*")


def dimensions_of(shapes: Mapping[str, str]) -> tuple[str, ...]:
    """The named dimensions (``...`` among them) of all arguments, in order of appearance."""
    seen = dict.fromkeys(d for text in shapes.values() for d in parse_shape(text))
    return tuple(d for d in seen if not d.isdigit())


def concrete(text: str, sizes: Sizes) -> tuple[int, ...]:
    """Put sizes in: ``concrete("... n", {"...": (2, 3), "n": 4})`` is ``(2, 3, 4)``."""
    shape: list[int] = []
    for dimension in parse_shape(text):
        size = int(dimension) if dimension.isdigit() else sizes[dimension]
        shape.extend(size if isinstance(size, Sequence) else (size,))
    return tuple(shape)


def sizes_of(shapes: Mapping[str, str], given: Mapping[str, tuple[int, ...]]) -> Sizes:
    """The sizes that make ``shapes`` into the given ones; the inverse of ``concrete``.

    Raises ValueError where an argument has another number of dimensions than its shape names, or
    one name would stand for two sizes.
    """
    sizes: dict[str, int | tuple[int, ...]] = {}
    first: dict[str, str] = {}
    for argument, text in shapes.items():
        shape, dimensions = given[argument], parse_shape(text)
        many = [i for i, dimension in enumerate(dimensions) if is_many(dimension)]
        extra = len(shape) - len(dimensions) + len(many)
        if extra < 0 or (extra > 0 and not many):
            raise ValueError(
                f"{argument} has shape {shape}; it must have {len(dimensions) - len(many)} "
                f"dimensions{' or more' if many else ''}: {text or 'a scalar'}"
            )
        found: list[int | tuple[int, ...]] = list(shape)
        for i in many:
            found[i : i + extra] = [shape[i : i + extra]]
        for dimension, size in zip(dimensions, found, strict=True):
            wanted = int(dimension) if dimension.isdigit() else sizes.setdefault(dimension, size)
            whose = first.setdefault(dimension, argument)
            if size != wanted:
                origin = "" if dimension.isdigit() else f", and is {wanted} in {whose}"
                raise ValueError(
                    f"{argument} has shape {shape}, which does not fit: it must be ({text}), where "
                    f"{dimension} is {size} here{origin}"
                )
    return sizes
