"""MLX: forward mode over forward mode, or reverse over forward, raises for mx.max."""

import mlx.core as mx

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
x, v = mx.array([1.0, 3.0, 2.0]), mx.array([1.0, 1.0, 1.0])


def slope(x):
    return mx.jvp(lambda x: mx.max(x * x), [x], [v])[1][0]


for name, expected, ask in (
    ("forward over forward", 2.0, lambda: mx.jvp(slope, [x], [v])[1][0].item()),
    ("reverse over forward", [0.0, 2.0, 0.0], lambda: mx.grad(slope)(x).tolist()),
):
    try:
        got = ask()
    except ValueError as raised:
        got = raised
    print(f"{name} of max(x²): expected {expected}, got {got}")
