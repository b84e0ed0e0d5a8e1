"""CuPy: NumPy's hand-derived pairs on the arrays of an NVIDIA graphics processor.

CuPy differentiates nothing; what is held to the laws is its arithmetic. NumPy's functions hand
arrays that are CuPy's on to CuPy, so that the pairs of the backend ``numpy`` run as they are, but
for those that make an array of NumPy's on the way, or need a function that CuPy has not.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import cupy
import numpy as np

from .numpy import NATIVE
from .protocol import Backend, Function

if not cupy.cuda.is_available():
    raise RuntimeError("it computes on an NVIDIA graphics processor, and this machine has none")

OF_NUMPY_ONLY = (
    "batched_convolution_1d", "batched_convolution_2d", "boolean_selection", "causal_attention",
    "convolution_2d", "determinant", "determinant_by_cofactors", "embedding", "gather",
    "gather_in_columns", "geglu", "gelu", "max_reduction", "permutation", "slice_of_rows",
    "softmax_cross_entropy_by_index", "token_cross_entropy", "trace",
)  # fmt: skip
"""Pairs that mix in arrays of NumPy's, which CuPy refuses, or use a function that it lacks."""


class CuPy(Backend):
    """CuPy, by NumPy's pairs."""

    name = "cupy"
    dtypes = ("float64", "float32", "float16")
    native = {name: pair for name, pair in NATIVE.items() if name not in OF_NUMPY_ONLY}  # noqa: RUF012

    @property
    def version(self) -> str:
        return str(cupy.__version__)

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(f"cuda:{k}" for k in range(cupy.cuda.runtime.getDeviceCount()))

    def placed(self) -> Any:
        return cupy.cuda.Device(int(self.device.removeprefix("cuda:")))

    def product_bits(self, dtype: str, primitive: str = "") -> int | None:
        return 11 if dtype == "float32" and os.environ.get("CUPY_TF32") == "1" else None

    def from_numpy(self, x: np.ndarray) -> Any:
        return cupy.array(x)

    def to_numpy(self, x: Any) -> np.ndarray:
        return np.array(cupy.asnumpy(x))

    def vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, dict[str, Any]]:
        value, pullback = function(**arguments)
        gradients = pullback(ybar)
        return value, {name: gradients[name] for name in wrt}

    def same_memory(self, x: Any) -> Any:
        return x
