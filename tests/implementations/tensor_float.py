"""PyTorch with float32 matrix products as a graphics processor makes them in TF32, on any machine.

The factors of every product of the library, forward and backward, are rounded to 11 bits of
significand first; what is multiplied is added in float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from gradient_conformance.implementations.protocol import Function
from gradient_conformance.implementations.torch.eager import eager_vjp
from gradient_conformance.implementations.torch.functional import Functional
from gradient_conformance.implementations.torch.second_order import (
    FORWARD_MODE,
    Product,
    reverse_over_reverse,
)

BITS = 11

FACTORS = {
    "mm": (0, 1), "bmm": (0, 1), "mv": (0, 1), "dot": (0, 1), "addmm": (1, 2), "addmv": (1, 2),
    "baddbmm": (1, 2), "convolution": (0, 1),
}  # fmt: skip
"""Which arguments of PyTorch's own operations are factors of a product."""


def rounded(x: torch.Tensor) -> torch.Tensor:
    """To the nearest number of 11 bits, ties to even, in the range of float32."""
    bits = x.contiguous().view(torch.int32)
    dropped = 24 - BITS
    half = (1 << (dropped - 1)) - 1 + ((bits >> dropped) & 1)
    return (((bits + half) >> dropped) << dropped).view(torch.float32)


class TensorFloat(TorchDispatchMode):
    """While it is open, the factors of float32 products are rounded."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name, found = func._schema.name.removeprefix("aten::"), list(args)
        places = FACTORS.get(name, ())
        if name == "convolution_backward" and args[0].dtype == torch.float32:
            right, how = func(*args, **(kwargs or {})), args[3:]
            products = func(*map(rounded, args[:3]), *how, **(kwargs or {}))
            return *products[:2], right[2]  # the gradient for the bias is a sum
        for k in places:
            if found[k].dtype == torch.float32:
                found[k] = rounded(found[k])
        return func(*found, **(kwargs or {}))


class TensorFloatTorch(Functional):
    """PyTorch in TF32, which says so."""

    name = "tensor_float"
    dtypes = ("float32",)  # type: ignore[assignment]
    products: ClassVar[Mapping[str, Product]] = {
        "reverse over reverse": reverse_over_reverse,
        **FORWARD_MODE,
    }
    nestings = tuple(products)

    def product_bits(self, dtype: str, primitive: str = "") -> int | None:
        return BITS if dtype == "float32" else None

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        with TensorFloat():
            return eager_vjp(function, arguments, wrt, ybar)

    def jvp(self, *asked: Any) -> tuple[torch.Tensor, torch.Tensor]:
        with TensorFloat():
            return super().jvp(*asked)

    def hvp(self, *asked: Any) -> dict[str, torch.Tensor]:
        with TensorFloat():
            return super().hvp(*asked)

    def batched_vjp(self, *asked: Any) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        with TensorFloat():
            return super().batched_vjp(*asked)


class SilentTensorFloatTorch(TensorFloatTorch):
    """The same, which does not say so."""

    name = "silent"

    def product_bits(self, dtype: str, primitive: str = "") -> int | None:
        return None
