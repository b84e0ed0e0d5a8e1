"""JAX's arrays, and reverse mode without jit: what its code paths share."""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..devices import device_of, kind_of
from ..protocol import Backend, Function
from .native import NATIVE


class _Namespace:
    """jax.numpy, which follows the array API, with ``special`` beside it."""

    special = jax.scipy.special

    def __getattr__(self, name: str) -> Any:
        return getattr(jnp, name)


KINDS = ("cuda", "rocm", "tpu", "cpu")
"""Platforms in the order in which JAX prefers them."""

PRODUCT_BITS = {"cuda": 11, "tpu": 8}
"""Bits that factors of float32 products keep where nobody asks for more: TF32, bfloat16.

Nobody does with ``"bfloat16"`` either: to ``jax.lax.Precision`` it is another word for the default.
"""

FULL = ("highest", "float32", "f32_f32_f32", "f64_f64_f64")
HALF = ("bf16_bf16_f32", "bf16_bf16_bf16")
"""Settings of ``jax_default_matmul_precision`` that keep float32's bits, or bfloat16's."""


class JaxArrays(Backend):
    """JAX without a way to differentiate: a code path is this and a ``vjp``."""

    dtypes = ("float64", "float32", "float16", "bfloat16")
    native = NATIVE
    _namespace = _Namespace()

    @property
    def namespace(self) -> Any:
        return self._namespace

    @property
    def version(self) -> str:
        return str(jax.__version__)

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(_devices())

    def placed(self) -> AbstractContextManager[Any]:
        return jax.default_device(_devices()[self.device])

    def product_bits(self, dtype: str, primitive: str = "") -> int | None:
        kind = kind_of(device_of(self))
        if dtype != "float32" or kind not in PRODUCT_BITS:
            return None
        asked = str(jax.config.jax_default_matmul_precision or "default").lower()
        return None if asked in FULL else 8 if asked in HALF else PRODUCT_BITS[kind]

    def from_numpy(self, x: np.ndarray) -> jax.Array:
        with jax.enable_x64(True):
            return jnp.array(x)

    def to_numpy(self, x: jax.Array) -> np.ndarray:
        return np.array(x)

    def same_memory(self, x: jax.Array) -> jax.Array:
        return x


@functools.cache
def _devices() -> dict[str, jax.Device]:
    """The machine's devices by name: ``cuda:0``, ``cpu:0``; the first is the usual one."""
    found: dict[str, jax.Device] = {}
    for kind in KINDS:
        try:
            there = jax.local_devices(backend=kind)
        except RuntimeError:  # there is none of that kind
            continue
        found |= {f"{kind}:{device.id}": device for device in there}
    return found


def value_and_gradients(function: Function, wrt: tuple[str, ...]) -> Any:
    """A function of (arguments, ȳ), to be compiled or not."""

    def of_both(arguments: dict[str, jax.Array], ybar: jax.Array) -> Any:
        constant = {name: x for name, x in arguments.items() if name not in wrt}

        def of_wrt(differentiated: dict[str, jax.Array]) -> jax.Array:
            return function(**constant, **differentiated)

        y, pullback = jax.vjp(of_wrt, {name: arguments[name] for name in wrt})
        return y, pullback(ybar)[0]

    return of_both
