"""tinygrad's tensors, and the array API in their methods."""

from __future__ import annotations

import math
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import ml_dtypes
import numpy as np
from tinygrad import Tensor, dtypes
from tinygrad.helpers import DEV

from ..protocol import Backend
from .native import NATIVE


def _device() -> str:
    compiler = os.environ.get("CC", "clang")
    if DEV.device or shutil.which(compiler):
        return DEV.device or "CPU"
    print(
        f"tinygrad's device CPU compiles with {compiler}, which is not here: the device PYTHON is "
        "taken, which needs no compiler and is slower. Install clang, or name a compiler in CC or "
        "a device in DEV",
        file=sys.stderr,
    )
    return "PYTHON"


DEVICE = _device()
"""Where tensors are: what ``DEV`` names in the environment, or what this machine can do."""
if not DEV.device:
    DEV.value = DEVICE


def _has_bfloat16() -> bool:
    """Whether the compiler computes with bfloat16: LLVM does, and clang from version 17 on."""
    if DEVICE != "CPU" or DEV.renderer == "LLVM":
        return True
    flags = ["--target=x86_64-none-unknown-elf"] if platform.machine() == "x86_64" else []
    asked = subprocess.run(
        [os.environ.get("CC", "clang"), "-x", "c", "-fsyntax-only", "-march=native", *flags, "-"],
        input=b"__bf16 rounded(float x) { return (__bf16)x; }",
        capture_output=True,
        check=False,
    )
    return asked.returncode == 0


if not hasattr(Tensor, "mT"):
    # A tensor has .T and not .mT, the transpose of the last two axes.
    Tensor.mT = property(lambda self: self.transpose(-1, -2))


class _Namespace:
    """The array API's names for the methods of a tensor; it has no linear algebra."""

    pi = math.pi
    float64 = dtypes.float64
    special = SimpleNamespace(erf=Tensor.erf)
    linalg = SimpleNamespace(
        trace=lambda x: x.diagonal(dim1=-2, dim2=-1).sum(-1),
        outer=lambda a, b: a[:, None] * b[None, :],
    )
    abs = staticmethod(Tensor.abs)
    exp = staticmethod(Tensor.exp)
    log = staticmethod(Tensor.log)
    sqrt = staticmethod(Tensor.sqrt)
    tanh = staticmethod(Tensor.tanh)
    logaddexp = staticmethod(Tensor.logaddexp)
    maximum = staticmethod(Tensor.maximum)
    clip = staticmethod(Tensor.clip)
    where = staticmethod(Tensor.where)
    reshape = staticmethod(Tensor.reshape)
    broadcast_to = staticmethod(Tensor.expand)
    permute_dims = staticmethod(Tensor.permute)
    matrix_transpose = staticmethod(lambda x: x.transpose(-1, -2))
    astype = staticmethod(Tensor.cast)
    arange = staticmethod(Tensor.arange)
    eye = staticmethod(Tensor.eye)

    @staticmethod
    def zeros(shape: tuple[int, ...]) -> Tensor:
        return Tensor.zeros(*shape, buffer=False)

    @staticmethod
    def ones(shape: tuple[int, ...]) -> Tensor:
        return Tensor.ones(*shape, buffer=False)

    @staticmethod
    def zeros_like(x: Tensor) -> Tensor:
        return x.zeros_like(buffer=False)

    @staticmethod
    def ones_like(x: Tensor) -> Tensor:
        return x.ones_like(buffer=False)

    @staticmethod
    def sum(x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return x.sum(axis, keepdims)

    @staticmethod
    def prod(x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return x.prod(axis, keepdims)

    @staticmethod
    def mean(x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return x.mean(axis, keepdims)

    @staticmethod
    def max(x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return x.max(axis, keepdims)

    @staticmethod
    def min(x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return x.min(axis, keepdims)

    @staticmethod
    def argmax(x: Tensor, axis: int | None = None) -> Tensor:
        return x.argmax(axis)

    @staticmethod
    def sort(x: Tensor, axis: int = -1) -> Tensor:
        return x.sort(axis)[0]

    @staticmethod
    def argsort(x: Tensor, axis: int = -1) -> Tensor:
        return x.argsort(axis)

    @staticmethod
    def concat(arrays: Sequence[Tensor], axis: int = 0) -> Tensor:
        return Tensor.cat(*arrays, dim=axis)

    @staticmethod
    def stack(arrays: Sequence[Tensor], axis: int = 0) -> Tensor:
        return Tensor.stack(*arrays, dim=axis)

    @staticmethod
    def flip(x: Tensor) -> Tensor:
        return x.flip(tuple(range(x.ndim)))

    @staticmethod
    def take(x: Tensor, indices: Tensor, axis: int) -> Tensor:
        return x[(slice(None),) * (axis % x.ndim) + (indices,)]

    @staticmethod
    def take_along_axis(x: Tensor, indices: Tensor, axis: int) -> Tensor:
        return x.gather(axis, indices)


class TinygradArrays(Backend):
    """tinygrad without a way to differentiate: a code path is this and a ``vjp``."""

    dtypes = ("float64", "float32", "float16", *(("bfloat16",) if _has_bfloat16() else ()))
    native = NATIVE
    layouts = ("transposed", "strided", "reversed", "offset", "expanded")
    _namespace = _Namespace()

    @property
    def namespace(self) -> Any:
        return self._namespace

    def from_numpy(self, x: np.ndarray) -> Tensor:
        flat = np.array(x).reshape(-1)  # of an array without axes tinygrad makes a constant
        if x.dtype == ml_dtypes.bfloat16:  # NumPy and tinygrad share no bfloat16: pass the bits
            tensor = Tensor(flat.view(np.uint16), device=DEVICE).realize().bitcast(dtypes.bfloat16)
        else:
            tensor = Tensor(flat, device=DEVICE)
        # In memory first: a copy by a kernel has zeros for the subnormal numbers of float16.
        return tensor.realize().reshape(x.shape).contiguous().realize()

    def to_numpy(self, x: Tensor) -> np.ndarray:
        if x.device is None:  # a gradient that is zero is a constant, and is nowhere
            x = x.clone(device=DEVICE)
        if x.dtype == dtypes.bfloat16:
            return np.array(x.numpy(), ml_dtypes.bfloat16)
        return np.array(x.numpy())

    def laid_out(self, x: Tensor, layout: str) -> Tensor:
        if layout == "transposed":
            backwards = tuple(reversed(range(x.ndim)))
            return x.permute(backwards).clone().realize().permute(backwards)
        if layout == "strided":
            return x.stack(x.zeros_like(buffer=False), dim=-1).contiguous().realize()[..., 0]
        if layout == "reversed":
            axes = tuple(range(x.ndim))
            return x.flip(axes).clone().realize().flip(axes)
        if layout == "offset":
            zero = Tensor.zeros(1, dtype=x.dtype, buffer=False)
            return zero.cat(x.reshape(-1)).contiguous().realize()[1:].reshape(x.shape)
        return x[:1].contiguous().realize().expand(x.shape)
