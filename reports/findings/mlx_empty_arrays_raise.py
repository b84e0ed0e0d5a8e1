"""MLX: on arrays without entries, where the answer is plain, these raise."""

import mlx.core as mx

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
rows, square = mx.zeros((0, 4)), mx.zeros((0, 0))
for what, expected, ask in (
    ("logsumexp of no rows", (0,), lambda: mx.logsumexp(rows, axis=-1)),
    ("gradient of trace", (0, 0), lambda: mx.vjp(mx.trace, [square], [mx.ones(())])[1][0]),
    ("jvp of max", (0,), lambda: mx.jvp(lambda x: mx.max(x, axis=-1), [rows], [rows])[1][0]),
):
    try:
        got = ask().shape
    except ValueError as raised:
        got = raised
    print(f"{what}: expected an array of shape {expected}, got {got}")
