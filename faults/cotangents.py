"""Faults in what is made of the cotangent ȳ, and in how a broadcast is undone."""

from __future__ import annotations

import numpy as np

from ..identities.declaration import Identity
from .declaration import gradient_fault
from .kinds import is_not_scalar

BROADCAST = {
    "broadcast_sum": ("x", "y"),
    "broadcast_difference": ("x", "y"),
    "broadcast_product": ("x", "y"),
    "broadcast_quotient": ("x", "y"),
    "linear_layer_on_batch": ("b",),
    "layer_normalisation": ("scale", "shift"),
    "batch_normalisation": ("scale", "shift"),
    "batch_normalisation_of_images": ("scale", "shift"),
    "rms_normalisation": ("scale",),
    "additive_mask_attention": ("B",),
    "convolution_1d": ("b",),
    "convolution_2d": ("b",),
    "batched_convolution_1d": ("bias",),
    "batched_convolution_2d": ("bias",),
}
"""Arguments that are stretched to the shape of others, so that their gradient is a sum."""


def _is_broadcast(identity: Identity, name: str | None) -> bool:
    return name in BROADCAST.get(identity.name, ())


@gradient_fault("the cotangent is ignored, as if it were ones")
def cotangent_ignored(call, g, name):
    return call.gradient(name, ybar=np.ones_like(call.ybar))


@gradient_fault("only the sign of the cotangent is used")
def cotangent_sign(call, g, name):
    return call.gradient(name, ybar=np.sign(call.ybar).astype(call.ybar.dtype))


@gradient_fault("the cotangent is used twice")
def cotangent_squared(call, g, name):
    return call.gradient(name, ybar=call.ybar * call.ybar)


@gradient_fault("the cotangent's mean takes its place", applies=is_not_scalar)
def cotangent_averaged(call, g, name):
    mean = np.mean(call.ybar.astype(np.float64)) if call.ybar.size else 0.0
    return call.gradient(name, ybar=np.full_like(call.ybar, mean))


@gradient_fault("what was broadcast is not summed: the cotangent's shape", applies=_is_broadcast)
def broadcast_not_summed(call, g, name):
    stretched = np.broadcast_shapes(g.shape, call.ybar.shape)
    return np.broadcast_to(g, stretched)


@gradient_fault("of what was broadcast only the first counts", applies=_is_broadcast)
def broadcast_first_only(call, g, name):
    """The cotangent of all others, along the axes that the argument lacks, is dropped."""
    ybar, shape = call.ybar.copy(), call.arguments[name].shape
    for axis in range(ybar.ndim):
        from_the_right = ybar.ndim - axis
        own = shape[-from_the_right] if from_the_right <= len(shape) else 1
        if own == 1:
            ybar.swapaxes(0, axis)[1:] = 0
    return call.gradient(name, ybar=ybar)


@gradient_fault(
    "summed over the wrong axis, where the cotangent is square",
    applies=lambda identity, name: (
        _is_broadcast(identity, name) and identity.name not in ("convolution_1d",)
    ),
    equivalent={
        "batch_normalisation_of_images:shift": "height and width are both summed over, in any order"
    },
)
def broadcast_summed_over_the_wrong_axis(call, g, name):
    ybar = call.ybar
    square = ybar.ndim > 1 and ybar.shape[-1] == ybar.shape[-2]
    return call.gradient(name, ybar=ybar.swapaxes(-1, -2)) if square else g
