"""PyTorch 2.13.0: jvp of jvp (torch.func) of slogdet and solve is wrong, of 1×1 matrices even.

upstream: https://github.com/pytorch/pytorch/issues/192540
"""

import torch

x, one = torch.tensor([[2.0]], dtype=torch.float64), torch.ones(1, 1, dtype=torch.float64)


def second(function):
    def slope(x):
        return torch.func.jvp(function, (x,), (one,))[1]

    return torch.func.jvp(slope, (x,), (one,))[1].item()


got = second(lambda x: torch.linalg.slogdet(x)[1]), second(lambda x: torch.linalg.solve(x, one)[0])
exact = -1 / 4, 2 / 8  # of log x and 1/x at 2

print("expected", *exact)
print("got", *got)
raise SystemExit(abs(got[0] - exact[0]) + abs(got[1] - exact[1]) < 1e-9)  # 0: it shows; 1: not here
