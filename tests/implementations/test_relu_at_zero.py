"""What NumPy, JAX and PyTorch take for the derivative of ReLU at 0, where it has none: 0.

Others have other conventions (HIPS autograd, by maximum, takes ½): the report has a table of them.
"""

from __future__ import annotations

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.declared import framework_of
from gradient_conformance.implementations.implementation import ROUTES, Implementation
from gradient_conformance.implementations.loading import BUILT_IN, COMMON, NotInstalled, load

Z = np.array([0.0, -0.0, 1.0, -1.0])
YBAR = np.array([2.0, -3.0, 5.0, 7.0])


@pytest.mark.parametrize("name", [n for n in BUILT_IN if framework_of(n) in COMMON])
@pytest.mark.parametrize("route", ROUTES)
def test_the_gradient_at_zero_is_zero(name: str, route: str) -> None:
    try:
        backend = load(name)
    except NotInstalled as reason:
        pytest.skip(str(reason))
    relu = Implementation(backend, route, "relu", CATALOGUE["relu"].forward)
    if not relu.supported:  # NumPy differentiates nothing, so that it has no composed route
        assert (name, route) == ("numpy", "composed")
        return
    found = relu.vjp({"z": Z}, ("z",), YBAR, {})
    np.testing.assert_array_equal(found.gradients["z"], [0.0, 0.0, 5.0, 0.0])
