"""JAX operation by operation, without jit around the whole."""

from __future__ import annotations

from collections.abc import Mapping

import jax

from .jax import compiled
from .jax.arrays import JaxArrays, value_and_gradients
from .protocol import Function


class JaxEager(JaxArrays):
    """JAX, reverse mode, without jit; held against what jit makes of the same."""

    name = "jax_eager"

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        wrt: tuple[str, ...],
        ybar: jax.Array,
    ) -> tuple[jax.Array, dict[str, jax.Array]]:
        with jax.enable_x64(True):
            return value_and_gradients(function, wrt)(dict(arguments), ybar)

    def compiled_vjp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        wrt: tuple[str, ...],
        ybar: jax.Array,
    ) -> tuple[jax.Array, dict[str, jax.Array]]:
        with jax.enable_x64(True):
            return compiled(function, wrt)(dict(arguments), ybar)
