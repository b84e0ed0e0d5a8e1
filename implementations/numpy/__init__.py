"""NumPy: a forward/backward pair for each identity, derived and written by hand.

A second derivation, independent of the catalogue's: vectorised, with what the backward function
needs cached by the forward function, as a NumPy neural-network library does it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..protocol import LAYOUTS, Backend, Function
from .activations import ACTIVATIONS
from .attention import ATTENTION
from .attention_heads import ATTENTION_HEADS
from .batched_convolution import BATCHED_CONVOLUTION
from .convolution import CONVOLUTION
from .forms import FORMS
from .gated import GATED
from .indexing import INDEXING
from .layers import LAYERS
from .likelihood import LIKELIHOOD
from .losses import LOSSES
from .more_activations import MORE_ACTIVATIONS
from .normalisation import NORMALISATION
from .patterns import PATTERNS
from .piecewise import PIECEWISE
from .shaping import SHAPING
from .singular_points import SINGULAR_POINTS
from .softmax import SOFTMAX
from .token_losses import TOKEN_LOSSES
from .trace_and_determinant import TRACE_AND_DETERMINANT

NATIVE: dict[str, Function] = {
    **PATTERNS,
    **FORMS,
    **TRACE_AND_DETERMINANT,
    **ACTIVATIONS,
    **MORE_ACTIVATIONS,
    **GATED,
    **SOFTMAX,
    **LOSSES,
    **TOKEN_LOSSES,
    **LAYERS,
    **NORMALISATION,
    **CONVOLUTION,
    **BATCHED_CONVOLUTION,
    **ATTENTION,
    **ATTENTION_HEADS,
    **SHAPING,
    **INDEXING,
    **LIKELIHOOD,
    **PIECEWISE,
    **SINGULAR_POINTS,
}
"""The pair for each identity, by its name."""


class NumPy(Backend):
    """NumPy, by hand-derived pairs.

    NumPy has no bfloat16 of its own, and no automatic differentiation: hence no namespace, and
    only the native route.
    """

    name = "numpy"
    dtypes = ("float64", "float32", "float16")
    native = NATIVE
    layouts = LAYOUTS

    @property
    def version(self) -> str:
        return np.__version__

    def from_numpy(self, x: np.ndarray) -> np.ndarray:
        return np.array(x)

    def to_numpy(self, x: np.ndarray) -> np.ndarray:
        return np.array(x)

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, np.ndarray],
        wrt: tuple[str, ...],
        ybar: np.ndarray,
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        # An overflow is an infinity in the answer, for the laws to judge, and no news.
        with np.errstate(over="ignore", invalid="ignore"):
            value, pullback = function(**arguments)
            gradients = pullback(ybar)
        return value, {name: gradients[name] for name in wrt}

    def laid_out(self, x: np.ndarray, layout: str) -> np.ndarray:
        if layout == "transposed":
            return np.array(x, order="F")
        if layout == "strided":
            return np.stack([x, np.zeros_like(x)], axis=-1)[..., 0]
        if layout == "reversed":
            return np.asarray(np.flip(np.array(np.flip(x))))
        if layout == "offset":
            return np.concatenate([np.zeros(1, x.dtype), x.ravel()])[1:].reshape(x.shape)
        return np.broadcast_to(x[:1], x.shape)

    def same_memory(self, x: np.ndarray) -> np.ndarray:
        return x
