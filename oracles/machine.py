"""Machine models: what a floating-point type can hold and how it rounds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import ml_dtypes
import numpy as np


@dataclass(frozen=True)
class Machine:
    """A floating-point type: ``bits`` of significand, smallest normal and largest number.

    ``product_bits`` is how many of them the factors of a matrix product keep, where they are fewer:
    11 in the TF32 of a graphics processor, whose products are added in float32.
    """

    name: str
    dtype: np.dtype
    bits: int
    smallest: float
    largest: float
    product_bits: int | None = None

    @property
    def u(self) -> float:
        """Unit roundoff 2⁻ᵖ: the largest relative error of one rounding."""
        return 2.0**-self.bits

    @property
    def digits(self) -> float:
        """Decimal digits of a correctly rounded number: −log₁₀ u."""
        return -math.log10(self.u)

    def with_products_of(self, bits: int | None) -> Machine:
        """The same type where the factors of matrix products are rounded to so many bits."""
        return self if bits is None or bits >= self.bits else replace(self, product_bits=bits)

    def round(self, x: np.ndarray) -> np.ndarray:
        """Round float64 values to this type, as an array of this type; clip at the largest.

        What is infinite, or not a number, stays so.
        """
        given = np.asarray(x, np.float64)
        clipped = np.clip(given, -self.largest, self.largest)
        return np.asarray(np.where(np.isinf(given), given, clipped), self.dtype)


def is_discrete(x: np.ndarray) -> bool:
    """Whether the entries are indices or a mask: nothing rounds or differentiates them."""
    return x.dtype.kind in "iub"


def _machine(name: str, dtype: np.dtype) -> Machine:
    information = ml_dtypes.finfo(dtype)
    return Machine(
        name,
        dtype,
        bits=int(information.nmant) + 1,
        smallest=float(information.smallest_normal),
        largest=float(information.max),
    )


MACHINES: dict[str, Machine] = {
    name: _machine(name, np.dtype(dtype))
    for name, dtype in (
        ("float64", np.float64),
        ("float32", np.float32),
        ("float16", np.float16),
        ("bfloat16", ml_dtypes.bfloat16),
    )
}
