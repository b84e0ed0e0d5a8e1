"""MLX 0.32.4: a sum over no rows never ends, by chance: the loop over an array without entries
that came from NumPy, after stop_gradient, runs over memory that is not its own.

upstream: none found
"""

import subprocess
import sys

CHILD = """
import mlx.core as mx, numpy as np
mx.set_default_device(mx.cpu)
e = mx.array(np.zeros((0, 2), np.float32))
print(mx.sum(mx.stop_gradient(e), axis=0).tolist())
"""
got = []
for _ in range(12):
    try:
        done = subprocess.run(
            [sys.executable, "-c", CHILD], capture_output=True, text=True, timeout=10, check=False
        )
        got.append(done.stdout.strip() or done.returncode)
    except subprocess.TimeoutExpired:
        got.append("no answer within 10 s")
        break
print("expected", [0.0, 0.0], "each time")
print("got", "; ".join(map(str, got)))
raise SystemExit(set(got) == {"[0.0, 0.0]"})
