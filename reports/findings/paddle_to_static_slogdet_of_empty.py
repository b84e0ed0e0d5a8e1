"""PaddlePaddle 3.3.1: slogdet of a 0×0 matrix has two entries, and none in the static graph of
to_static: taking the second one raises.

upstream: none found
"""

import paddle

paddle.set_device("cpu")


def logarithm(x):
    return paddle.linalg.slogdet(x)[1]


x = paddle.zeros([0, 0])
print("expected", logarithm(x).shape)
try:
    print("got", paddle.jit.to_static(logarithm, full_graph=True)(x).shape)
except IndexError as raised:
    print("got IndexError:", str(raised).strip().splitlines()[-1].strip())
    raise SystemExit(0) from None
raise SystemExit(1)
