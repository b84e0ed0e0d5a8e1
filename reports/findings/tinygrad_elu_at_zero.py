"""The slope of elu at 0 is alpha from the left and 1 from the right; tinygrad takes 0."""

from tinygrad import Tensor

for alpha in (1.0, 0.5):
    x = Tensor([0.0, 1.0])
    found = x.elu(alpha).sum().gradient(x)[0].tolist()[0]
    print(f"alpha {alpha} at 0: expected a slope in [{alpha}, 1], got {found}")
