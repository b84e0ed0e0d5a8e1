"""MLX on a CPU: taking rows of an array without columns cannot be differentiated: SIGFPE."""

import subprocess
import sys

LINE = (
    "import mlx.core as mx; mx.set_default_device(mx.cpu); print('mlx', mx.__version__, flush=True);"
    "x = mx.zeros((3, 0)); i = mx.array([0, 1]); print(x[i].shape, flush=True);"
    "mx.eval(mx.vjp(lambda x: x[i], [x], [mx.zeros((2, 0))]))"
)
done = subprocess.run([sys.executable, "-c", LINE], capture_output=True, check=False)
print(done.stdout.decode().strip())
print(f"expected exit status 0 and a gradient of shape (3, 0), got {done.returncode}")
