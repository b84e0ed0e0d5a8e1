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

from .protocol import Backend, Function

NATIVE: dict[str, Function] = {
    "linear_form": lambda a, x: jnp.dot(a, x),
    "quadratic_form": lambda A, x: jnp.einsum("i,ij,j->", x, A, x),
    "squared_norm": lambda x: jnp.vdot(x, x),
    "least_squares": lambda A, x, b: jnp.sum(jnp.square(jnp.dot(A, x) - b)),
    "trace": lambda X: jnp.trace(X),
    "trace_of_product": lambda A, X: jnp.einsum("ij,ji->", A, X),
    "trace_of_quadratic": lambda A, X: jnp.einsum("ji,jk,ki->", X, A, X),
    "log_determinant": lambda X: jnp.linalg.slogdet(X).logabsdet,
    "determinant": lambda X: jnp.linalg.det(X),
    "determinant_by_cofactors": lambda X: jnp.linalg.det(X),
    "sigmoid": lambda z: jax.nn.sigmoid(z),
    "tanh": lambda z: jnp.tanh(z),
    "relu": lambda z: jax.nn.relu(z),
    "gelu": lambda z: jax.nn.gelu(z, approximate=False),
    "gelu_tanh": lambda z: jax.nn.gelu(z, approximate=True),
    "square": lambda X: jnp.square(X),
    "softmax": lambda z: jax.nn.softmax(z, axis=-1),
    "log_softmax": lambda z: jax.nn.log_softmax(z, axis=-1),
    "logsumexp": lambda z: jax.nn.logsumexp(z, axis=-1),
    "softmax_cross_entropy": lambda z, y: -jnp.sum(y * jax.nn.log_softmax(z, axis=-1), axis=-1),
    "softmax_cross_entropy_by_index": lambda z, t: (
        -jnp.sum(
            jax.nn.one_hot(t, z.shape[-1], dtype=z.dtype) * jax.nn.log_softmax(z, axis=-1), axis=-1
        )
    ),
    "binary_cross_entropy_with_logits": lambda z, y: jax.nn.softplus(z) - z * y,
    "linear_layer": lambda W, x, b: jnp.matvec(W, x) + b,
    "linear_layer_on_batch": lambda X, W, b: jnp.einsum("kn,mn->km", X, W) + b,
    "matrix_product": lambda X, W: jnp.matmul(X, W),
    "residual": lambda X, Z: jnp.add(X, Z),
}
"""JAX's own primitive for each identity that has one. It ships no losses: those in logits are its
log_softmax and softplus with a sum; mean-squared error and cross-entropy on probabilities have no
part of their own and are left out."""


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


@functools.lru_cache(maxsize=4096)
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
    jax.config.update("jax_compilation_cache_dir", str(place))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
