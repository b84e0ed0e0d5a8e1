"""Faults in the formulas of convolution, masks, normalisation and losses."""

from __future__ import annotations

import numpy as np

from .declaration import gradient_fault
from .kinds import of, of_argument

IMAGES = {"convolution_1d": "x", "convolution_2d": "X", "batched_convolution_1d": "X",
          "batched_convolution_2d": "X"}  # fmt: skip
"""What is convolved; its first spatial axis is the first, or the second of a batch."""
MASKED = ("causal_attention", "masked_attention", "additive_mask_attention")
ROWS = {"layer_normalisation": "x", "batch_normalisation": "X", "rms_normalisation": "x"}


@gradient_fault("the padding is off by one", applies=of_argument(**IMAGES))
def padding_off_by_one(call, g, name):
    """The gradient of the input, one place on, with a zero before it."""
    axis = 1 if call.identity.name.startswith("batched") else 0
    moved = np.roll(g, 1, axis=axis)
    moved.swapaxes(0, axis)[:1] = 0
    return moved


@gradient_fault("the stride is off by one",
                applies=of_argument(batched_convolution_1d="X",
                                    batched_convolution_2d="X"))  # fmt: skip
def stride_off_by_one(call, g, name):
    """The cotangent is spread one place wider, along the first spatial axis."""
    X, W = call.arguments["X"], call.arguments["W"]
    stride, padding, dilation, groups = call.parameters["geometry"]
    if flat := isinstance(stride, int):
        s, p, d = stride + 1, padding, dilation
    else:
        s, p, d = stride[0] + 1, padding[0], dilation[0]
    outputs = (X.shape[1] + 2 * p - d * (W.shape[0] - 1) - 1) // s + 1
    wider = (s if flat else (s, stride[1]), padding, dilation, groups)
    ybar = np.ascontiguousarray(call.ybar[:, :outputs])
    return call.gradient(name, ybar=ybar, parameters={"geometry": wider})


def _kernel(call):
    return "w" if "w" in call.arguments else "W"


@gradient_fault("the kernel is not flipped", applies=of_argument(**IMAGES))
def kernel_not_flipped(call, g, name):
    axes = (0, 1) if call.identity.name.endswith("2d") else (0,)
    kernel = np.flip(call.arguments[_kernel(call)], axes).copy()
    return call.gradient(name, arguments={_kernel(call): kernel})


@gradient_fault("the kernel is flipped along one axis only",
                applies=of_argument(convolution_2d="X", batched_convolution_2d="X"))  # fmt: skip
def kernel_flipped_along_one_axis(call, g, name):
    kernel = np.flip(call.arguments["W"], 1).copy()
    return call.gradient(name, arguments={"W": kernel})


@gradient_fault(
    "the mask is ignored", applies=of(*MASKED, "masked_quotient", "token_cross_entropy")
)
def mask_ignored(call, g, name):
    arguments = call.arguments
    if call.identity.name == "causal_attention":
        return call.gradient(name, arguments=arguments, identity="attention")
    if call.identity.name == "token_cross_entropy":
        y = arguments["y"]
        return call.gradient(name, arguments={"y": np.where(y < 0, 0, y)})
    mask = {"masked_attention": "M", "additive_mask_attention": "B", "masked_quotient": "keep"}
    which = mask[call.identity.name]
    nothing = np.ones_like if arguments[which].dtype == bool else np.zeros_like
    return call.gradient(name, arguments={which: nothing(arguments[which])})


@gradient_fault("the mask is off by one along the keys", applies=of(*MASKED))
def mask_off_by_one(call, g, name):
    arguments = call.arguments
    if call.identity.name == "causal_attention":  # a query sees the next key as well
        n = len(arguments["Q"])
        mask = np.tril(np.ones((n, n), bool), 1)
        return call.gradient(name, arguments={**arguments, "M": mask}, identity="masked_attention")
    which = "M" if "M" in arguments else "B"
    return call.gradient(name, arguments={which: np.roll(arguments[which], 1, axis=-1)})


@gradient_fault("the mask is put on after the softmax",
                applies=of("causal_attention", "masked_attention"))  # fmt: skip
def mask_after_softmax(call, g, name):
    """O = (M ∘ softmax(Q Kᵀ/√d)) V: the weights of a row no longer sum to 1."""
    Q, K, V = (call.arguments[k].astype(np.float64) for k in "QKV")
    M = call.arguments.get("M", np.tril(np.ones((len(Q), len(K)), bool)))
    S = Q @ K.T / Q.shape[1] ** 0.5
    A = np.exp(S - S.max(axis=-1, keepdims=True))
    A /= A.sum(axis=-1, keepdims=True)
    Obar = call.ybar.astype(np.float64)
    Abar = np.where(M, Obar @ V.T, 0)
    Sbar = A * (Abar - np.sum(A * Abar, axis=-1, keepdims=True)) / Q.shape[1] ** 0.5
    return {"Q": Sbar @ K, "K": Sbar.T @ Q, "V": np.where(M, A, 0).T @ Obar}[name]


@gradient_fault("the mean where the sum was asked for, and the sum for the mean",
                applies=of("mean_squared_error", "token_cross_entropy"))  # fmt: skip
def mean_for_sum(call, g, name):
    other = {"mean": "sum", "sum": "mean"}[call.parameters["reduction"]]
    return call.gradient(name, parameters={"reduction": other})


@gradient_fault("the mean divides by the wrong count: by rows, or by tokens that do not count",
                applies=of("mean_squared_error", "token_cross_entropy"))  # fmt: skip
def divisor_counted_at_the_wrong_index(call, g, name):
    if call.parameters["reduction"] == "sum":
        return g
    if call.identity.name == "mean_squared_error":
        return g * g.shape[1]
    y = call.arguments["y"]
    return g * (np.count_nonzero(y >= 0) / y.size)


@gradient_fault("n − 1 in place of n in the variance",
                applies=of_argument(layer_normalisation="x", batch_normalisation="X",
                                    batch_normalisation_of_images="X"))  # fmt: skip
def n_minus_one_for_n(call, g, name):
    n = g.shape[-1] if name == "x" else g.size // g.shape[1]
    return g * (max(n - 1, 1) / n) ** 0.5


@gradient_fault("ε is added outside the root", applies=of_argument(**ROWS))
def epsilon_outside_the_root(call, g, name):
    """x̂ = c / s with s = √(mean c²) + ε; along the rows, or along the batch."""
    axis = 0 if call.identity.name == "batch_normalisation" else -1
    x, ybar = call.arguments[name].astype(np.float64), call.ybar.astype(np.float64)
    weighted = ybar * call.arguments["scale"].astype(np.float64)
    centred = call.identity.name != "rms_normalisation"
    c = x - x.mean(axis, keepdims=True) if centred else x
    sigma = np.sqrt(np.mean(c * c, axis, keepdims=True))
    s = sigma + call.parameters["eps"]
    along = np.mean(weighted * c, axis, keepdims=True)
    found = weighted / s - np.where(sigma > 0, along * c / (s * s * sigma), 0)
    return found - weighted.mean(axis, keepdims=True) / s if centred else found


@gradient_fault("ε is a tenth of what it should be", dtypes=("float64", "float32"),
                applies=of_argument(**ROWS, batch_normalisation_of_images="X"))  # fmt: skip
def epsilon_of_another_size(call, g, name):
    return call.gradient(name, parameters={"eps": call.parameters["eps"] / 10})
