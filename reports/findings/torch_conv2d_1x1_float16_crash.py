"""PyTorch 2.13.0: conv2d of a 1×1 image, strided and padded, kills the process (AVX-512 FP16).

upstream: https://github.com/pytorch/pytorch/issues/195394
"""

import subprocess
import sys

CHILD = """
import torch
one = torch.ones(1, 1, 1, 1, dtype=torch.float16)
y = torch.nn.functional.conv2d(one, one, stride=2, padding=(2, 1), dilation=(1, 2))
print(y.flatten().tolist())
"""
child = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=False)

print("expected", [0.0] * 6)
print("got", child.stdout.strip() or f"the process ended with {child.returncode}")
raise SystemExit(child.returncode >= 0)  # 0: the defect shows; 1: it does not show here
