"""PyTorch: eager mode, reverse-mode autograd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import array_api_compat.torch as array_api
import ml_dtypes
import numpy as np
import torch
import torch.nn.functional as F

from .protocol import Backend, Function

NATIVE: dict[str, Function] = {
    "linear_form": lambda a, x: torch.dot(a, x),
    "quadratic_form": lambda A, x: torch.dot(x, torch.mv(A, x)),
    "squared_norm": lambda x: torch.sum(torch.square(x)),
    "least_squares": lambda A, x, b: F.mse_loss(torch.mv(A, x), b, reduction="sum"),
    "trace": lambda X: torch.trace(X),
    "trace_of_product": lambda A, X: torch.einsum("ij,ji->", A, X),
    "trace_of_quadratic": lambda A, X: torch.einsum("ji,jk,ki->", X, A, X),
    "log_determinant": lambda X: torch.logdet(X),
    "determinant": lambda X: torch.linalg.det(X),
    "determinant_by_cofactors": lambda X: torch.linalg.det(X),
    "sigmoid": lambda z: torch.sigmoid(z),
    "tanh": lambda z: torch.tanh(z),
    "relu": lambda z: F.relu(z),
    "gelu": lambda z: F.gelu(z),
    "gelu_tanh": lambda z: F.gelu(z, approximate="tanh"),
    "square": lambda X: torch.square(X),
    "softmax": lambda z: F.softmax(z, dim=-1),
    "log_softmax": lambda z: F.log_softmax(z, dim=-1),
    "logsumexp": lambda z: torch.logsumexp(z, dim=-1),
    "softmax_cross_entropy": lambda z, y: _by_class(F.cross_entropy, z, y),
    "softmax_cross_entropy_by_index": lambda z, t: F.cross_entropy(z, t, reduction="none"),
    "binary_cross_entropy_with_logits": lambda z, y: F.binary_cross_entropy_with_logits(
        z, y, reduction="none"
    ),
    "mean_squared_error": lambda x, y, reduction: F.mse_loss(x, y, reduction=reduction),
    "linear_layer": lambda W, x, b: F.linear(x, W, b),
    "linear_layer_on_batch": lambda X, W, b: F.linear(X, W, b),
    "matrix_product": lambda X, W: torch.mm(X, W),
    "residual": lambda X, Z: torch.add(X, Z),
}
"""PyTorch's own primitive for each identity that has one; cross_entropy has none on
probabilities."""


def _by_class(loss: Function, z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Classes are PyTorch's second axis, the catalogue's last."""
    rows = loss(z.reshape(-1, z.shape[-1]), y.reshape(-1, y.shape[-1]), reduction="none")
    return rows.reshape(z.shape[:-1])


class Torch(Backend):
    """PyTorch, eager mode, reverse-mode autograd."""

    name = "torch"
    dtypes = ("float64", "float32", "float16", "bfloat16")
    native = NATIVE

    @property
    def namespace(self) -> Any:
        return array_api

    @property
    def version(self) -> str:
        return str(torch.__version__)

    def from_numpy(self, x: np.ndarray) -> torch.Tensor:
        if x.dtype == ml_dtypes.bfloat16:  # NumPy and PyTorch share no bfloat16: pass the bits
            return torch.tensor(x.view(np.int16)).view(torch.bfloat16)
        return torch.tensor(x)

    def to_numpy(self, x: torch.Tensor) -> np.ndarray:
        x = x.detach()
        if x.dtype == torch.bfloat16:
            return x.contiguous().view(torch.int16).numpy().view(ml_dtypes.bfloat16).copy()
        return x.numpy().copy()

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        leaves = [arguments[name].requires_grad_() for name in wrt]
        y = function(**arguments)
        gradients = torch.autograd.grad(y, leaves, ybar)
        return y, dict(zip(wrt, gradients, strict=True))
