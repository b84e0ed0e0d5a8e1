"""The gradient of binary cross-entropy for its target is −z; tinygrad's is a difference of logs."""

from tinygrad import Tensor

for z in (-0.003, 1e-5, 1e-8):
    logits, target = Tensor([z, 1.0]), Tensor([0.25, 0.5])
    loss = logits.binary_crossentropy_logits(target, reduction="sum")
    print(f"float32, z = {z}: expected {-z:.8g}, got {loss.gradient(target)[0].tolist()[0]:.8g}")
