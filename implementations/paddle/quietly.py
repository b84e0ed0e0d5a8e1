"""PaddlePaddle, imported without a word on stderr, and set to the CPU."""

from __future__ import annotations

import os
import warnings

# Each error that is raised is also logged to stderr, by the C++ part; this is read at import.
os.environ.setdefault("GLOG_minloglevel", "3")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a compiler's cache, and of protobuf
    import paddle
    from paddle import Tensor
    from paddle.nn import functional as F

paddle.set_device("cpu")

__all__ = ["F", "Tensor", "paddle"]
