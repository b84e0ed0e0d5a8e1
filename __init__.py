"""Property-based conformance tests for gradients: NumPy, JAX, PyTorch and your own backend.

>>> from gradient_conformance import CATALOGUE, MACHINES, Expected
>>> softmax = CATALOGUE["softmax"]

``identity`` declares an identity, ``Backend`` is what an adapter subclasses, ``Expected`` gives
exact values and gradients with derived tolerances, ``Trial`` and ``examine`` hold an implementation
to the laws on one case, ``assert_conforms`` a function of yours inside your own tests,
``verify_gradients`` and ``verify_attention_gradients`` a backend on arrays of yours.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .identities import CATALOGUE, Identity, identity
    from .implementations.implementation import Implementation
    from .implementations.loading import load
    from .implementations.protocol import Backend
    from .laws import LAWS, Trial, Verdict, examine
    from .laws.assertion import assert_conforms
    from .laws.cases import Case
    from .laws.verification import Verification, verify_attention_gradients, verify_gradients
    from .oracles.expected import Expected
    from .oracles.machine import MACHINES

_HOMES = {
    "CATALOGUE": ".identities",
    "Identity": ".identities",
    "identity": ".identities",
    "Implementation": ".implementations.implementation",
    "load": ".implementations.loading",
    "Backend": ".implementations.protocol",
    "LAWS": ".laws",
    "Trial": ".laws",
    "Verdict": ".laws",
    "examine": ".laws",
    "assert_conforms": ".laws.assertion",
    "Case": ".laws.cases",
    "Verification": ".laws.verification",
    "verify_attention_gradients": ".laws.verification",
    "verify_gradients": ".laws.verification",
    "Expected": ".oracles.expected",
    "MACHINES": ".oracles.machine",
}

__all__ = [
    "CATALOGUE", "LAWS", "MACHINES", "Backend", "Case", "Expected", "Identity", "Implementation",
    "Trial", "Verdict", "Verification", "assert_conforms", "examine", "identity", "load",
    "verify_attention_gradients", "verify_gradients",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # On demand, because pytest imports this file under another name when it collects the checkout,
    # and must not load a second copy of everything with it.
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name], "gradient_conformance"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
