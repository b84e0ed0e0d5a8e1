"""PyTorch: a function that ``torch.compile`` made anew, by one of its backends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from ..protocol import Function

CAPTURED = "aot_eager_decomp_partition"
"""The graph is captured, differentiated ahead of time and rewritten in PyTorch's own
decompositions; no machine code is generated, which would take seconds for each shape."""

MACHINE_CODE = "inductor"
"""The default of ``torch.compile``: the same, and then machine code by a C++ compiler."""

MANY = 8
"""So many compiled functions are kept: beyond that ``torch.compile`` refuses to recompile."""

_made: dict[Any, Callable[..., torch.Tensor]] = {}


def compiled(function: Function, arguments: Mapping[str, torch.Tensor], backend: str) -> Function:
    """The function compiled for these shapes and types; a graph that breaks raises."""
    key = backend, function, *((n, t.shape, t.dtype) for n, t in arguments.items())
    if key not in _made:
        if len(_made) >= MANY:
            torch.compiler.reset()
            _made.clear()
        _made[key] = torch.compile(function, backend=backend, fullgraph=True, dynamic=False)
    return _made[key]
