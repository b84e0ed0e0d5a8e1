"""JAX's arrays, and reverse mode without jit: what its code paths share."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..protocol import Backend, Function
from .native import NATIVE


class _Namespace:
    """jax.numpy, which follows the array API, with ``special`` beside it."""

    special = jax.scipy.special

    def __getattr__(self, name: str) -> Any:
        return getattr(jnp, name)


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

    def from_numpy(self, x: np.ndarray) -> jax.Array:
        with jax.enable_x64(True):
            return jnp.array(x)

    def to_numpy(self, x: jax.Array) -> np.ndarray:
        return np.array(x)

    def same_memory(self, x: jax.Array) -> jax.Array:
        return x


def value_and_gradients(function: Function, wrt: tuple[str, ...]) -> Any:
    """A function of (arguments, ȳ), to be compiled or not."""

    def of_both(arguments: dict[str, jax.Array], ybar: jax.Array) -> Any:
        constant = {name: x for name, x in arguments.items() if name not in wrt}

        def of_wrt(differentiated: dict[str, jax.Array]) -> jax.Array:
            return function(**constant, **differentiated)

        y, pullback = jax.vjp(of_wrt, {name: arguments[name] for name in wrt})
        return y, pullback(ybar)[0]

    return of_both
