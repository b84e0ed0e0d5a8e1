"""MLX: mx.fast.layer_norm and mx.fast.rms_norm of float64 compute in float32."""

import mlx.core as mx
import numpy as np

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
x = np.array([0.1, 0.2, 0.7])
a = mx.array(x, dtype=mx.float64)
one, zero = mx.ones(3, dtype=mx.float64), mx.zeros(3, dtype=mx.float64)
print("layer_norm expected", (x - x.mean()) / np.sqrt(x.var() + 1e-5))
y = mx.fast.layer_norm(a, one, zero, 1e-5)
print("layer_norm got     ", np.array(y), y.dtype)
print("rms_norm expected  ", x / np.sqrt((x * x).mean() + 1e-5))
y = mx.fast.rms_norm(a, one, 1e-5)
print("rms_norm got       ", np.array(y), y.dtype)
