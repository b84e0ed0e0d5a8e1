"""MLX 0.32.4: the derivative of x⁰ at 0, for an exponent that is an array, is NaN: 0 times 0⁻¹.

upstream: none found
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
got = mx.grad(lambda x: mx.power(x, mx.array(0.0)))(mx.array(0.0)).item()
print("expected", 0.0)
print("got", got)
raise SystemExit(bool(got == 0))
