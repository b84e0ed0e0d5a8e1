"""JAX: reverse mode under jit, in 64-bit mode for the duration of each call."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax

from ..protocol import Function
from . import second_order
from .arrays import JaxArrays, value_and_gradients


class Jax(JaxArrays):
    """JAX, reverse mode, one compiled function per shape."""

    name = "jax"
    nestings = tuple(second_order.BY_NESTING)

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        wrt: tuple[str, ...],
        ybar: jax.Array,
    ) -> tuple[jax.Array, dict[str, jax.Array]]:
        with jax.enable_x64(True):
            return compiled(function, wrt)(dict(arguments), ybar)

    def jvp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        tangents: Mapping[str, jax.Array],
    ) -> tuple[jax.Array, jax.Array]:
        with jax.enable_x64(True):
            value, along = _slope(function)(dict(arguments), dict(tangents))
            return value, along

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, jax.Array],
        ybar: jax.Array,
        tangents: Mapping[str, jax.Array],
    ) -> dict[str, jax.Array]:
        with jax.enable_x64(True):
            return dict(_product(nesting, function)(dict(arguments), ybar, dict(tangents)))

    def batched_vjp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        wrt: tuple[str, ...],
        ybar: jax.Array,
    ) -> tuple[jax.Array, dict[str, jax.Array]]:
        with jax.enable_x64(True):
            return compiled(function, wrt, batched=True)(dict(arguments), ybar)


@functools.lru_cache(maxsize=32)  # compiled functions are large; one identity is tried at a time
def compiled(function: Function, wrt: tuple[str, ...], batched: bool = False) -> Any:
    """A compiled function of (arguments, ȳ): value and gradients, or those of many points."""
    plain = value_and_gradients(function, wrt)
    return jax.jit(jax.vmap(plain) if batched else plain)


@functools.lru_cache(maxsize=64)
def _product(nesting: str, function: Function) -> Any:
    return jax.jit(second_order.product(nesting, function))


@functools.lru_cache(maxsize=32)
def _slope(function: Function) -> Any:
    return jax.jit(second_order.slope(function))


def keep_compiled(folder: Path | None = None) -> None:
    """Keep compiled functions on disk, for this process: a warm run is several times faster.

    Only the command and the test session call this; importing the package changes no setting.
    """
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    place = folder or Path(cache) / "gradient-conformance" / "jax"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return  # a read-only home: nothing is kept
    if not os.access(place, os.W_OK):
        return
    jax.config.update("jax_compilation_cache_dir", str(place))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
