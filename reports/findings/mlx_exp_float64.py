"""MLX 0.32.4: exp, erf, sigmoid, logaddexp, logsumexp and softmax of float64 are computed on the
CPU by float32's approximations: 7 digits of 16, and exp(100) is infinite.

upstream: https://github.com/ml-explore/mlx/issues/3047
"""

import math

import mlx.core as mx

mx.set_default_device(mx.cpu)
one = mx.array(1.0, dtype=mx.float64)
got = [mx.exp(one), mx.erf(one), mx.sigmoid(one), mx.logaddexp(one, 0), mx.exp(100 * one)]
expected = [math.e, math.erf(1), 1 / (1 + math.exp(-1)), math.log(1 + math.e), math.exp(100)]
print("expected", expected)
print("got", [x.item() for x in got])
raise SystemExit(abs(got[0].item() / math.e - 1) < 1e-12)
