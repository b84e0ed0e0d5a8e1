"""tinygrad 0.14.0: the gradient of batchnorm by the inverse deviation is a sum that leaves float16,
and the gradient of the input, which fits, is NaN.

upstream: none found
"""

import numpy as np
from tinygrad import Tensor, dtypes

x = np.tile([30.0, 15.0, -15.0, -30.0], 18)
scale, cotangent = -30.0, np.tile([30.0, 0.0, 0.0, -15.0], 18)

deviation = x.std()
direct, normal = cotangent * scale / deviation, x / deviation
exact = direct - direct.mean() - normal * (direct * normal).mean()

X = Tensor(x.astype(np.float16)).reshape(72, 1)
mean, variance = X.mean(0), X.var(0, correction=0)
weight, shift = Tensor([scale], dtype=dtypes.float16), Tensor([0.0], dtype=dtypes.float16)
y = X.batchnorm(weight, shift, mean, variance.add(1e-5).rsqrt())
(gradient,) = y.gradient(X, gradient=Tensor(cotangent.astype(np.float16)).reshape(72, 1))

got = float(gradient.numpy()[0, 0])
print("expected", round(float(exact[0]), 2))
print("got", got)
raise SystemExit(0 if not abs(got - exact[0]) < 1 else 1)
