"""CuPy's rules without a graphics processor: arrays on a device that exists in name only.

An array never becomes one of NumPy's by itself, the two are not mixed, and NumPy's functions are
handed on where CuPy has one of that name. A module that stands in for ``cupy`` is made of them.
"""

from __future__ import annotations

import operator
import types
from contextlib import nullcontext
from typing import Any

import numpy as np

LACKING = {"sliding_window_view"}
"""Of the functions of NumPy that the pairs use, what CuPy 14.2.0 does not hand on."""


def held(x: Any) -> Any:
    """What is inside of arrays on the device; an array of NumPy's is refused, as CuPy does."""
    if isinstance(x, DeviceArray):
        return x.inside
    if isinstance(x, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    if isinstance(x, (list, tuple)):
        return type(x)(held(each) for each in x)
    return x


def on_device(x: Any) -> Any:
    """NumPy's arrays, and its scalars, which CuPy has none of, as arrays on the device."""
    if isinstance(x, (np.ndarray, np.generic)):
        return DeviceArray(x)
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return type(x)(*map(on_device, x))
    if isinstance(x, (list, tuple)):
        return type(x)(map(on_device, x))
    return x


class DeviceArray:
    """An array that NumPy cannot look into."""

    def __init__(self, x: Any) -> None:
        self.inside = np.array(x)

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise TypeError("Implicit conversion to a NumPy array is not allowed.")

    def __array_ufunc__(self, ufunc: Any, method: str, *given: Any, **how: Any) -> Any:
        how = {name: held(x) for name, x in how.items()}
        with np.errstate(all="ignore"):
            return on_device(getattr(ufunc, method)(*map(held, given), **how))

    def __array_function__(self, function: Any, _: Any, given: Any, how: Any) -> Any:
        if function.__name__ in LACKING:
            return NotImplemented
        how = {name: held(x) for name, x in how.items()}
        with np.errstate(all="ignore"):
            return on_device(function(*map(held, given), **how))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        own = getattr(self.inside, name)
        if not callable(own):
            return on_device(own)
        return lambda *given, **how: on_device(
            own(*map(held, given), **{k: held(x) for k, x in how.items()})
        )

    def __getitem__(self, key: Any) -> Any:
        return on_device(self.inside[held(key)])

    def __setitem__(self, key: Any, x: Any) -> None:
        self.inside[held(key)] = held(x)

    def __len__(self) -> int:
        return len(self.inside)

    def __bool__(self) -> bool:
        return bool(self.inside)

    def __float__(self) -> float:
        return float(self.inside)

    def __int__(self) -> int:
        return int(self.inside)


def _binary(apply: Any, swapped: bool) -> Any:
    def of_two(self: DeviceArray, other: Any) -> Any:
        a, b = self.inside, held(other)
        with np.errstate(all="ignore"):
            return on_device(apply(b, a) if swapped else apply(a, b))

    return of_two


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and_", "or_"):
    _apply = getattr(operator, _name)
    setattr(DeviceArray, f"__{_name.rstrip('_')}__", _binary(_apply, swapped=False))
    setattr(DeviceArray, f"__r{_name.rstrip('_')}__", _binary(_apply, swapped=True))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(DeviceArray, f"__{_name}__", _binary(getattr(operator, _name), swapped=False))
for _name in ("neg", "abs", "invert"):
    _apply = getattr(operator, _name)
    setattr(DeviceArray, f"__{_name}__", lambda self, apply=_apply: on_device(apply(self.inside)))


def cupy(available: bool = True) -> types.ModuleType:
    """What stands in for the module ``cupy``, with two devices."""
    module: Any = types.ModuleType("cupy")
    module.__version__ = "14.2.0"
    module.array = DeviceArray
    module.asnumpy = lambda x: np.array(x.inside)
    runtime = types.SimpleNamespace(getDeviceCount=lambda: 2)
    module.cuda = types.SimpleNamespace(
        is_available=lambda: available, runtime=runtime, Device=lambda _: nullcontext()
    )
    return module  # type: ignore[no-any-return]
