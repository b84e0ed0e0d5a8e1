"""MLX on a CPU: mx.conv1d of float64 computes in float32, and with a stride it raises."""

import mlx.core as mx

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
x = mx.array([[[0.1], [0.2], [0.3]]], dtype=mx.float64)
w = mx.array([[[0.7], [0.3]]], dtype=mx.float64)
print("expected", [0.1 * 0.7 + 0.2 * 0.3, 0.2 * 0.7 + 0.3 * 0.3])
print("got     ", mx.conv1d(x, w)[0, :, 0].tolist())
ybar = mx.ones((1, 1, 1), dtype=mx.float64)
for stride in (2, 3):
    try:
        y, bars = mx.vjp(lambda x, s=stride: mx.conv1d(x, w, s), [x], [ybar])
        mx.eval(y, bars)
        print(f"gradient with stride {stride}:", bars[0][0, :, 0].tolist())
    except ValueError as raised:
        print(f"gradient with stride {stride}: expected [0.7, 0.3, 0.0], got {raised}")
