"""relu6, hardsigmoid and hardswish of a large input are 0: each is a difference of two relus."""

from tinygrad import Tensor

x = Tensor([1e9])
for name, expected in (("relu6", 6.0), ("hardsigmoid", 1.0), ("hardswish", 1e9)):
    print(f"{name}, float32 at 1e9: expected {expected}, got {getattr(x, name)().tolist()[0]}")
slope = x.hardswish().sum().gradient(x)[0].tolist()[0]
print(f"slope of hardswish, float32 at 1e9: expected 1.0, got {slope}")
