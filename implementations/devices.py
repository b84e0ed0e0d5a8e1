"""On which device a backend computes: the one that was named, or its usual one."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from .protocol import Backend

PROCESSOR = "cpu"
"""The kind of device of a backend that names none, and the kind that records are about."""


class NoSuchDevice(ValueError):
    """The backend does not compute on such a device, on this machine at least."""


def on_device(backend: Backend, device: str) -> Backend:
    """A backend that was made for this, from now on at a device, and with it in its name.

    ``device`` is one of its ``devices``, or their kind (``"cuda"``), which is the first of them. A
    backend without any is on the processor, and stays as it is. Raises NoSuchDevice, saying which
    there are, or why nothing can be placed there.
    """
    there = backend.devices
    if not there and device == PROCESSOR:
        return backend
    found = [d for d in there if device in (d, f"{d}:0")]  # one without a number is the only one
    found = found or [d for d in there if kind_of(d) == device]
    if not found:
        raise NoSuchDevice(
            f"backend {backend.name!r} has no device {device!r} on this machine; it has "
            + (", ".join(there) or f"{PROCESSOR} only")
        )
    name, backend.device = backend.name, found[0]
    backend.name = f"{name}@{found[0]}"  # type: ignore[misc]
    try:
        with backend.placed():
            check_claims(backend)
    except Exception as reason:
        raise NoSuchDevice(
            f"backend {name!r} cannot be used on {found[0]!r}: {type(reason).__name__}: {reason}"
        ) from reason
    return backend


def check_claims(backend: Backend) -> None:
    """Raise TypeError, in words, where an adapter's devices or product bits cannot be used."""
    devices = backend.devices
    if not (isinstance(devices, tuple | list) and all(map(_is_name, devices))):
        raise TypeError(
            f"devices is {devices!r}, not a tuple of names such as 'cpu' and 'cuda:0' (of letters, "
            "digits and _.:+-)"
        )
    for dtype in backend.dtypes:
        for primitive in ("", *backend.native):
            bits = backend.product_bits(dtype, primitive)
            if bits is not None and not (type(bits) is int and bits > 0):
                raise TypeError(
                    f"product_bits({dtype!r}, {primitive!r}) is {bits!r}, neither None nor a "
                    "number of bits"
                )


def _is_name(device: object) -> bool:
    return isinstance(device, str) and bool(re.fullmatch(r"[A-Za-z0-9_.:+-]{1,40}", device))


def device_of(backend: Backend) -> str:
    """The device that a backend computes on; empty where it has no choice."""
    return backend.device or next(iter(backend.devices), "")


def kind_of(device: str) -> str:
    """``"cuda"`` of ``"cuda:1"``; of no name, the processor."""
    return device.partition(":")[0] or PROCESSOR


def at_its_device(backend: Backend) -> AbstractContextManager[Any]:
    """While it is open, the backend's arrays are made and used at the device that was named."""
    return backend.placed() if backend.device else nullcontext()
