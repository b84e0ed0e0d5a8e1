"""erf is a formula with an absolute error of 1.5e-7 in every type: of gelu too, in float64."""

import math

from tinygrad import Tensor, dtypes

for dtype, z in ((dtypes.float64, 0.5), (dtypes.float64, 1e-5), (dtypes.float32, 1e-5)):
    found = Tensor([z], dtype=dtype).erf().item()
    print(f"erf({z}), {dtype}: expected {math.erf(z):.10g}, got {found:.10g}")
for z in (-2.0, -6.0):
    exact = 0.5 * z * math.erfc(-z / math.sqrt(2))
    found = Tensor([z], dtype=dtypes.float64).gelu(approximate="none").item()
    print(f"gelu({z}), float64: expected {exact:.10g}, got {found:.10g}")
