"""JAX: Hessian-vector products by each nesting of forward and reverse mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..protocol import Function

Arrays = dict[str, jax.Array]
Loss = Callable[[Arrays], jax.Array]


def reverse_over_reverse(loss: Loss, x: Arrays, v: Arrays) -> Arrays:
    return jax.grad(lambda at: _inner(jax.grad(loss)(at), v))(x)


def forward_over_reverse(loss: Loss, x: Arrays, v: Arrays) -> Arrays:
    return jax.jvp(jax.grad(loss), (x,), (v,))[1]


def reverse_over_forward(loss: Loss, x: Arrays, v: Arrays) -> Arrays:
    return jax.grad(lambda at: jax.jvp(loss, (at,), (v,))[1])(x)


def forward_over_forward(loss: Loss, x: Arrays, v: Arrays) -> Arrays:
    """Forward mode along v of forward mode along each basis direction, of all arguments at once."""
    total = sum(a.size for a in x.values())
    if total == 0:
        return {name: jnp.zeros_like(a) for name, a in x.items()}

    def entry(e: Arrays) -> jax.Array:
        return jax.jvp(lambda at: jax.jvp(loss, (at,), (e,))[1], (x,), (v,))[1]

    basis, products, begin = {}, {}, 0
    for name, a in x.items():
        rows = jnp.eye(total, a.size, -begin, dtype=a.dtype)
        basis[name] = rows.reshape(total, *a.shape)
        begin += a.size
    entries, begin = jax.vmap(entry)(basis), 0
    for name, a in x.items():
        products[name] = entries[begin : begin + a.size].reshape(a.shape)
        begin += a.size
    return products


def _inner(a: Arrays, b: Arrays) -> Any:
    return sum(jnp.sum(a[name] * b[name]) for name in b)


BY_NESTING = {
    "reverse over reverse": reverse_over_reverse,
    "forward over reverse": forward_over_reverse,
    "reverse over forward": reverse_over_forward,
    "forward over forward": forward_over_forward,
}


def product(nesting: str, function: Function) -> Any:
    """A function of (arguments, ȳ, v), to be compiled or not: H v."""

    def hessian_vector_product(arguments: Arrays, ybar: jax.Array, v: Arrays) -> Arrays:
        def loss(x: Arrays) -> jax.Array:
            return jnp.sum(ybar * function(**{**arguments, **x}))

        return BY_NESTING[nesting](loss, {name: arguments[name] for name in v}, v)

    return hessian_vector_product


def slope(function: Function) -> Any:
    """A function of (arguments, v), to be compiled or not: the value and J v."""

    def value_and_slope(arguments: Arrays, v: Arrays) -> tuple[jax.Array, jax.Array]:
        x = {name: arguments[name] for name in v}
        return jax.jvp(lambda at: function(**{**arguments, **at}), (x,), (v,))

    return value_and_slope
