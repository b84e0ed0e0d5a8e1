"""The fields of a ledger's line: made plain for JSON, and read back with a check of their kind.

Each reader raises ValueError that names the field.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

DEPTH = 64
"""How deeply lists and objects may be nested: deeper ones are a mistake, or an attack."""


def plain(value: object, depth: int = DEPTH) -> Any:
    """Turn a value into what JSON can hold: numbers, strings, booleans, None, lists, dicts.

    NumPy scalars and arrays of any type become numbers and nested lists; a number that is not
    finite becomes ``"nan"``, ``"inf"`` or ``"-inf"``; anything unknown becomes its text. Raises
    ValueError for what is nested more than ``depth`` levels.
    """
    if depth < 0:
        raise ValueError("it is nested too deeply")
    if value is None or isinstance(value, bool | np.bool):
        return None if value is None else bool(value)
    if isinstance(value, str):
        # A lone surrogate is no Unicode text: UTF-8 cannot hold it.
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, np.ndarray | np.generic):
        # A longdouble has no Python number of its own.
        numbers = value.astype(np.float64) if value.dtype.kind == "f" else value
        return plain(numbers.tolist(), depth)
    if isinstance(value, Mapping):
        return {plain(str(name)): plain(x, depth - 1) for name, x in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [plain(x, depth - 1) for x in value]
    return plain(str(value))


def text(line: Mapping[str, Any], name: str) -> str:
    """A text; "" where there is none."""
    value = line.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}, not a text")
    return value


def sequence(line: Mapping[str, Any], name: str) -> list[Any]:
    """A list; an empty one where there is none."""
    value = line.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{name} is {value!r}, not a list")
    return value


def texts(line: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list, each as a text."""
    return tuple(str(value) for value in sequence(line, name))


def text_by_name(line: Mapping[str, Any], name: str) -> dict[str, str]:
    """An object, each value as a text."""
    value = line.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is {value!r}, not an object")
    return {str(key): str(each) for key, each in value.items()}


def mapping(line: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object; an empty one where there is none."""
    value = line.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is {type(value).__name__}, not an object")
    return value


def number(line: Mapping[str, Any], name: str) -> float | None:
    """A number, or None where there is none."""
    value = line.get(name)
    if value is None:
        return None
    try:
        if isinstance(value, bool):
            raise TypeError
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} is {value!r}, not a number") from None


def numbers(line: Mapping[str, Any], name: str) -> tuple[float | None, ...]:
    """A list, each a number or None."""
    return tuple(number({name: value}, name) for value in sequence(line, name))


def integer(line: Mapping[str, Any], name: str) -> int | None:
    """A whole number, or None where there is none."""
    value = line.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} is {value!r}, not a whole number")
    return value
