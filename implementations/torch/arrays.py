"""PyTorch's arrays: what all of its code paths share."""

from __future__ import annotations

from typing import Any

import array_api_compat.torch as array_api
import ml_dtypes
import numpy as np
import torch

from ..protocol import Backend
from .native import NATIVE

PRODUCT_BITS = {"tf32": 11, "bf16": 8}
"""Bits of significand of what PyTorch's settings call the precision of float32 products."""


class TorchArrays(Backend):
    """PyTorch without a way to differentiate: a code path is this and a ``vjp``."""

    dtypes = ("float64", "float32", "float16", "bfloat16")
    native = NATIVE
    layouts = ("transposed", "strided", "offset", "expanded")

    @property
    def namespace(self) -> Any:
        return array_api

    @property
    def version(self) -> str:
        return str(torch.__version__)

    @property
    def devices(self) -> tuple[str, ...]:
        return ("cpu", *(f"cuda:{k}" for k in range(torch.cuda.device_count())))

    def placed(self) -> torch.device:
        return torch.device(self.device)  # in a with statement, where new tensors are

    def product_bits(self, dtype: str, primitive: str = "") -> int | None:
        if dtype != "float32" or not self.device.startswith("cuda"):
            return None
        if "convolution" in primitive:  # by cuDNN, which has a setting of its own
            return PRODUCT_BITS.get(torch.backends.cudnn.conv.fp32_precision)
        return PRODUCT_BITS.get(torch.backends.cuda.matmul.fp32_precision)

    def from_numpy(self, x: np.ndarray) -> torch.Tensor:
        if x.dtype == ml_dtypes.bfloat16:  # NumPy and PyTorch share no bfloat16: pass the bits
            return torch.tensor(x.view(np.int16)).view(torch.bfloat16)
        return torch.tensor(x.copy())  # PyTorch takes no negative strides

    def to_numpy(self, x: torch.Tensor) -> np.ndarray:
        x = x.detach()
        if x.dtype == torch.bfloat16:
            bits = x.clone().view(torch.int16).numpy(force=True)
            return bits.view(ml_dtypes.bfloat16).copy()
        return x.numpy(force=True).copy()  # forward mode makes zeros that have no memory

    def laid_out(self, x: torch.Tensor, layout: str) -> torch.Tensor:
        if layout == "transposed":
            backwards = tuple(reversed(range(x.ndim)))
            return (
                x.permute(backwards).clone(memory_format=torch.contiguous_format).permute(backwards)
            )
        if layout == "strided":
            return torch.stack([x, torch.zeros_like(x)], dim=-1)[..., 0]
        if layout == "offset":
            return torch.cat([x.new_zeros(1), x.reshape(-1)])[1:].view(x.shape)
        return x[:1].expand(x.shape)

    def same_memory(self, x: torch.Tensor) -> torch.Tensor:
        return x.detach()  # the very same tensor would be one leaf, whose gradients add up
