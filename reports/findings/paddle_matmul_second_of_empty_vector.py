"""PaddlePaddle 3.3.1: the second derivative of A @ x for a vector without entries has two axes.

upstream: none found
"""

import paddle

paddle.set_device("cpu")
leaves = [paddle.zeros([3, 0]), paddle.zeros([0])]
for leaf in leaves:
    leaf.stop_gradient = False
first = paddle.grad([paddle.sum(leaves[0] @ leaves[1])], leaves, create_graph=True)
along = paddle.add_n([paddle.sum(g * paddle.ones_like(g)) for g in first])
got = list(paddle.grad([along], leaves, allow_unused=True)[1].shape)
print("expected shape", [0])
print("got shape", got)
raise SystemExit(got == [0])
