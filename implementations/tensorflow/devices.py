"""TensorFlow's devices: names as elsewhere here, and what a product keeps on one."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from .quiet import tf


@functools.cache
def devices() -> Mapping[str, str]:
    """Devices by name (``cuda:0``, ``cpu:0``), as TensorFlow calls them; its usual one first."""
    own = "cuda" if tf.test.is_built_with_cuda() else "gpu"
    return {
        f"{kind}:{k}": device.name
        for kind, called in ((own, "GPU"), ("cpu", "CPU"))
        for k, device in enumerate(tf.config.list_logical_devices(called))
    }


def tensor_float() -> bool:
    """Whether a graphics processor that can do it multiplies float32 in TF32."""
    return bool(tf.config.experimental.tensor_float_32_execution_enabled())
