"""A row that is transposed, made contiguous and transposed back cannot be read: RuntimeError."""

from tinygrad import Tensor

row = Tensor([[1.0, 2.0]]).realize()
try:
    print("expected [[1, 2]], got", row.permute(1, 0).contiguous().permute(1, 0).tolist())
except RuntimeError as raised:
    print("expected [[1, 2]], got RuntimeError:", raised)
