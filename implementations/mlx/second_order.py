"""MLX: Hessian-vector products by each nesting of forward and reverse mode."""

from __future__ import annotations

from collections.abc import Callable

import mlx.core as mx

Arrays = list[mx.array]
Loss = Callable[..., mx.array]
Product = Callable[[Loss, Arrays, Arrays], Arrays]


def gradients(loss: Loss, x: Arrays) -> Arrays:
    return list(mx.vjp(loss, x, [mx.ones_like(loss(*x))])[1])


def slope(loss: Loss, x: Arrays, v: Arrays) -> mx.array:
    return mx.jvp(loss, x, v)[1][0]


def reverse_over_reverse(loss: Loss, x: Arrays, v: Arrays) -> Arrays:
    def along(*at: mx.array) -> mx.array:
        parts = [mx.sum(g * d) for g, d in zip(gradients(loss, list(at)), v, strict=True)]
        return sum(parts[1:], parts[0])

    return gradients(along, x)


def forward_over_reverse(loss: Loss, x: Arrays, v: Arrays) -> Arrays:
    return list(mx.jvp(lambda *at: gradients(loss, list(at)), x, v)[1])


def reverse_over_forward(loss: Loss, x: Arrays, v: Arrays) -> Arrays:
    return gradients(lambda *at: slope(loss, list(at), v), x)


def forward_over_forward(loss: Loss, x: Arrays, v: Arrays) -> Arrays:
    """Entry by entry: forward mode along v of forward mode along each basis direction."""
    products = []
    for k, t in enumerate(x):
        entries = []
        for position in range(t.size):
            basis = [mx.zeros_like(u) for u in x]
            one = mx.arange(t.size) == position
            basis[k] = mx.reshape(one, t.shape).astype(t.dtype)
            entries.append(slope(lambda *at, e=basis: slope(loss, list(at), e), x, v))
        products.append(mx.reshape(mx.stack(entries), t.shape) if entries else mx.zeros_like(t))
    return products


BY_NESTING: dict[str, Product] = {
    "reverse over reverse": reverse_over_reverse,
    "forward over reverse": forward_over_reverse,
    "reverse over forward": reverse_over_forward,
    "forward over forward": forward_over_forward,
}
