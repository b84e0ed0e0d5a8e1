"""tanh near 0 is 2 sigmoid(2 z) − 1, which cancels; its digits are those of 1."""

import math

from tinygrad import Tensor

for z in (0.003, 1e-4, 1e-8):
    print(f"float32 at {z}: expected {math.tanh(z):.8g}, got {Tensor([z]).tanh().tolist()[0]:.8g}")
