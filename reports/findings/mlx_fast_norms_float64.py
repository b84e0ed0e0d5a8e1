"""MLX 0.32.4: mx.fast.layer_norm and mx.fast.rms_norm compute in float32 what is float64.

upstream: none found
"""

import mlx.core as mx
import numpy as np

mx.set_default_device(mx.cpu)
x = np.array([0.1, 0.2, 0.7])
one = mx.ones(3, dtype=mx.float64)
expected = x / np.sqrt((x * x).mean() + 1e-5)
got = np.array(mx.fast.rms_norm(mx.array(x, dtype=mx.float64), one, 1e-5))
print("expected", expected.tolist())
print("got", got.tolist())
raise SystemExit(bool(np.allclose(got, expected, rtol=1e-12)))
