"""MLX 0.32.4: the gradient of taking rows of an array without columns ends the process by SIGFPE
on x86.

upstream: none found
"""

import subprocess
import sys

CHILD = """
import mlx.core as mx
mx.set_default_device(mx.cpu)
x, i = mx.zeros((3, 0)), mx.array([0, 1])
print(mx.vjp(lambda x: x[i], [x], [mx.zeros((2, 0))])[1][0].tolist())
"""
child = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=False)
print("expected", [[], [], []])
print("got", child.stdout.strip() or f"the process ended with {child.returncode}")
raise SystemExit(child.returncode >= 0)
