"""JAX operation by operation, without jit around the whole."""

from __future__ import annotations

from collections.abc import Mapping

import jax

from .jax import compiled
from .jax.arrays import JaxArrays, value_and_gradients
from .jax.second_order import BY_NESTING, product, slope
from .protocol import Function


class JaxEager(JaxArrays):
    """JAX, without jit, in all of its modes; reverse mode is held against what jit makes of it."""

    name = "jax_eager"
    nestings = tuple(BY_NESTING)

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        wrt: tuple[str, ...],
        ybar: jax.Array,
    ) -> tuple[jax.Array, dict[str, jax.Array]]:
        with jax.enable_x64(True):
            return value_and_gradients(function, wrt)(dict(arguments), ybar)

    def jvp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        tangents: Mapping[str, jax.Array],
    ) -> tuple[jax.Array, jax.Array]:
        with jax.enable_x64(True):
            return slope(function)(dict(arguments), dict(tangents))

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, jax.Array],
        ybar: jax.Array,
        tangents: Mapping[str, jax.Array],
    ) -> dict[str, jax.Array]:
        with jax.enable_x64(True):
            return product(nesting, function)(dict(arguments), ybar, dict(tangents))

    def batched_vjp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        wrt: tuple[str, ...],
        ybar: jax.Array,
    ) -> tuple[jax.Array, dict[str, jax.Array]]:
        with jax.enable_x64(True):
            return jax.vmap(value_and_gradients(function, wrt))(dict(arguments), ybar)

    def compiled_vjp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        wrt: tuple[str, ...],
        ybar: jax.Array,
    ) -> tuple[jax.Array, dict[str, jax.Array]]:
        with jax.enable_x64(True):
            return compiled(function, wrt)(dict(arguments), ybar)
