"""MLX on a CPU: a sum over no rows reads memory that is not its own: it is garbage, or never ends.

An array without entries that came from NumPy is marked, after stop_gradient (which mx.vjp applies
to its primals) or a transpose, as not contiguous; the plan of its reduction then has no axes, and
the loop over them starts before the end. What it finds is chance: several processes are tried.
"""

import subprocess
import sys

START = "import mlx.core as mx, numpy as np; mx.set_default_device(mx.cpu); "
SUM = "e = mx.array(np.zeros((0, 2), np.float32)); "
SUM += "print(mx.sum(mx.stop_gradient(e), axis=0).tolist())"
BIAS = "x = mx.zeros((0, 4, 5)); e = mx.array(np.zeros((0, 4, 5), np.float32)); "
BIAS += "print(mx.vjp(lambda b: e + b, [mx.zeros(5)], [e])[1][0].tolist())"
for name, line in {"sum of no rows": SUM, "gradient of a bias": BIAS}.items():
    for number in range(6):
        command = [sys.executable, "-c", START + line]
        try:
            done = subprocess.run(command, timeout=5, capture_output=True, check=False)
            got = done.stdout.decode().strip() or f"the process ended with {done.returncode}"
        except subprocess.TimeoutExpired:
            got = "no answer within 5 s"
        print(f"{name}, process {number}: expected zeros, got {got}")
