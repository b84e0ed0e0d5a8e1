"""JAX: reverse mode under jit, in 64-bit mode for the duration of each call."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..protocol import Backend, Function
from . import second_order
from .native import NATIVE


class _Namespace:
    """jax.numpy, which follows the array API, with ``special`` beside it."""

    special = jax.scipy.special

    def __getattr__(self, name: str) -> Any:
        return getattr(jnp, name)


class Jax(Backend):
    """JAX, reverse mode, one compiled function per shape."""

    name = "jax"
    dtypes = ("float64", "float32", "float16", "bfloat16")
    native = NATIVE
    nestings = tuple(second_order.BY_NESTING)
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

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        wrt: tuple[str, ...],
        ybar: jax.Array,
    ) -> tuple[jax.Array, dict[str, jax.Array]]:
        with jax.enable_x64(True):
            return _value_and_gradients(function, wrt)(dict(arguments), ybar)

    def jvp(
        self,
        function: Function,
        arguments: Mapping[str, jax.Array],
        tangents: Mapping[str, jax.Array],
    ) -> tuple[jax.Array, jax.Array]:
        with jax.enable_x64(True):
            value, along = second_order.slope(function)(dict(arguments), dict(tangents))
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
            product = second_order.product(nesting, function)
            return dict(product(dict(arguments), ybar, dict(tangents)))


@functools.lru_cache(maxsize=32)  # compiled functions are large; one identity is tried at a time
def _value_and_gradients(function: Function, wrt: tuple[str, ...]) -> Any:
    def value_and_gradients(arguments: dict[str, jax.Array], ybar: jax.Array) -> Any:
        constant = {name: x for name, x in arguments.items() if name not in wrt}

        def of_wrt(differentiated: dict[str, jax.Array]) -> jax.Array:
            return function(**constant, **differentiated)

        y, pullback = jax.vjp(of_wrt, {name: arguments[name] for name in wrt})
        return y, pullback(ybar)[0]

    return jax.jit(value_and_gradients)


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
