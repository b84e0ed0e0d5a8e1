"""A gradient asked for after the value was realized is 0, without a word."""

from tinygrad import Tensor

x = Tensor([2.0, 1.0])
y = (x * x).realize()
print("expected [4, 2], got", y.gradient(x, gradient=Tensor([1.0, 1.0]))[0].tolist())
