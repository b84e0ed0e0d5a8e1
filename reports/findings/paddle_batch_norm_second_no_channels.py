"""PaddlePaddle 3.3.1: the second derivative of batch_norm for an input without channels ends the
process by SIGFPE.

upstream: none found
"""

import subprocess
import sys

CHILD = """
import paddle
paddle.set_device("cpu")
e = paddle.zeros([0])
leaves = [paddle.zeros([3, 0]), paddle.zeros([0]), paddle.zeros([0])]
for leaf in leaves:
    leaf.stop_gradient = False
y = paddle.nn.functional.batch_norm(leaves[0], e, e, *leaves[1:], training=True)
first = paddle.grad([paddle.sum(y * paddle.ones([3, 0]))], leaves, create_graph=True)
along = paddle.add_n([paddle.sum(g * paddle.ones_like(g)) for g in first])
print([g.shape for g in paddle.grad([along], leaves)])
"""
child = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=False)
print("expected", [[3, 0], [0], [0]])
ended = f"the process ended with {child.returncode}"
print("got", ended if child.returncode else child.stdout.strip())
raise SystemExit(child.returncode >= 0)
