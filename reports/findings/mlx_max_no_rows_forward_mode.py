"""MLX 0.32.4: the forward-mode derivative of max raises for an array without rows, though the
axis it reduces is not empty, and max itself does not.

upstream: none found
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
print("expected shape", (0,))
try:
    print(
        "got shape",
        mx.jvp(lambda x: mx.max(x, axis=-1), [mx.zeros((0, 4))], [mx.zeros((0, 4))])[1][0].shape,
    )
except ValueError as raised:
    print("got ValueError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
