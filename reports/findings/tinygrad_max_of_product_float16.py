"""tinygrad 0.14.0: the gradient of the largest entry of a matrix product is NaN in float16: the
rule of max counts the entries that equal it, computes them anew, unrounded, and finds none.

upstream: none found
"""

import math

from tinygrad import Tensor, dtypes

q = Tensor([[0.7], [0.3], [0.1]]).cast(dtypes.float16).realize()
k = Tensor([[0.9, 0.77, 0.3]]).cast(dtypes.float16).realize()
got = (q @ k).max().gradient(q)[0].float().tolist()
print("expected", [[0.9], [0.0], [0.0]])
print("got", got)
raise SystemExit(not math.isnan(got[0][0]))
