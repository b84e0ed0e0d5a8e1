"""softplus and logsigmoid are the logarithm of a sum next to 1, without log1p: 0 from z = 17 on."""

import math

from tinygrad import Tensor

for z in (10.0, 15.0, 20.0):
    exact = math.log1p(math.exp(-z))
    softplus, logsigmoid = Tensor([-z]).softplus().item(), Tensor([z]).logsigmoid().item()
    print(f"softplus(-{z}), float32: expected {exact:.8g}, got {softplus:.8g}")
    print(f"logsigmoid({z}), float32: expected {-exact:.8g}, got {logsigmoid:.8g}")
