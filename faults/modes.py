"""Faults of the other modes: forward mode, second derivatives, batches, accumulation."""

from __future__ import annotations

import numpy as np

from ..implementations.protocol import Backend
from .declaration import fault
from .kinds import has_curvature


def _can(ability: str):
    def suits(backend: Backend) -> bool:
        return backend.can(ability)

    return suits


@fault("the gradient is taken for a constant: no second derivative", method="hvp",
       suits=_can("hvp"), applies=has_curvature)  # fmt: skip
def second_derivative_missing(products, argument):
    return {name: 0 * x for name, x in products.items()}


@fault("the second derivative has the wrong sign", method="hvp", suits=_can("hvp"),
       applies=has_curvature)  # fmt: skip
def second_derivative_negated(products, argument):
    return {name: -x for name, x in products.items()}


@fault("forward mode ignores the first argument's tangent", method="jvp", suits=_can("jvp"))
def forward_mode_ignores_an_argument(tangents, argument):
    first = next(iter(tangents))
    return {**tangents, first: 0 * tangents[first]}


@fault("forward mode is off by a factor 2", method="jvp", suits=_can("jvp"))
def forward_mode_doubled(tangents, argument):
    return {name: 2 * v for name, v in tangents.items()}


@fault("a batch is taken along the wrong axis", method="batched_vjp", suits=_can("batched_vjp"))
def batch_along_the_wrong_axis(gradients, argument):
    return {name: g.swapaxes(0, 1) if g.ndim > 1 else g[::-1] for name, g in gradients.items()}


@fault("the points of a batch get each other's gradients", method="batched_vjp",
       suits=_can("batched_vjp"))  # fmt: skip
def batch_mixed_up(gradients, argument):
    return {name: np.roll(g, 1, axis=0) for name, g in gradients.items()}


@fault("the compiled function has a gradient that is off by a sixteenth", method="compiled_vjp",
       suits=_can("compiled_vjp"))  # fmt: skip
def compiled_gradient_off(gradients, argument):
    return {name: (g * g.dtype.type(1.0625)).astype(g.dtype) for name, g in gradients.items()}


@fault("gradients of several calls overwrite each other, where they add up",
       method="accumulated_vjp", suits=_can("accumulated_vjp"))  # fmt: skip
def accumulation_overwrites(gradients, argument):
    """The cotangents are ȳ and −2ȳ: their sum is −ȳ, the last alone −2ȳ."""
    return {name: 2 * g for name, g in gradients.items()}
