"""tinygrad: tensors that are computed when they are asked for, and gradients of their graphs.

Its CPU device compiles a kernel for each shape with ``clang`` (or what ``CC`` names), or by LLVM in
this process where ``DEV`` is ``CPU:LLVM``. Where there is no clang, the device ``PYTHON`` runs the
same kernels without a compiler.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from tinygrad import Tensor

from ..protocol import Function
from .arrays import DEVICE, TinygradArrays


class Tinygrad(TinygradArrays):
    """tinygrad, by ``Tensor.gradient``."""

    name = "tinygrad"
    nestings = ("reverse over reverse",)

    @property
    def version(self) -> str:
        return f"{version('tinygrad')}+{DEVICE.lower()}"

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, Tensor],
        wrt: tuple[str, ...],
        ybar: Tensor,
    ) -> tuple[Tensor, dict[str, Tensor]]:
        y = function(**arguments)
        gradients = y.gradient(*(arguments[name] for name in wrt), gradient=ybar)
        Tensor.realize(y, *gradients)
        return y, dict(zip(wrt, gradients, strict=True))

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, Tensor],
        ybar: Tensor,
        tangents: Mapping[str, Tensor],
    ) -> dict[str, Tensor]:
        if nesting not in self.nestings:
            raise NotImplementedError(f"tinygrad is reverse mode only, not {nesting}")
        leaves = [arguments[name] for name in tangents]
        slopes = function(**arguments).gradient(*leaves, gradient=ybar)
        inner = [(g * v).sum() for g, v in zip(slopes, tangents.values(), strict=True)]
        products = sum(inner[1:], inner[0]).gradient(*leaves)
        Tensor.realize(*products)
        return dict(zip(tangents, products, strict=True))

    def accumulated_vjp(
        self,
        function: Function,
        arguments: Mapping[str, Tensor],
        wrt: tuple[str, ...],
        ybar: Tensor,
    ) -> tuple[Tensor, dict[str, Tensor | None]]:
        for k in range(ybar.shape[0]):
            y = function(**arguments)
            y.backward(ybar[k])
        return y, {name: arguments[name].grad for name in wrt}
