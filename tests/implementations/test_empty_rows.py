"""Rows of attention with nothing left to attend to: what each backend returns today.

Softmax over no key at all is 0/0, so that any answer is a convention and no law judges it. Here it
is observed; a release that changes it fails this test, and the tables here and in the README are
mended.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation, Observed
from gradient_conformance.implementations.loading import load
from gradient_conformance.oracles.differences import numpy_namespace

CHECKOUT = Path(os.environ.get("GRADIENT_CONFORMANCE_CHECKOUT", Path(__file__).parents[2]))
RNG = np.random.default_rng(0)
Q, K, V, OBAR = (RNG.standard_normal((1, *s)) for s in ((2, 3), (3, 3), (3, 2), (2, 2)))
ALLOWED = np.array([[True, False, True], [False, False, False]])
EMPTY = 1
"""Which of the two queries may see no key."""

NAN, ZEROS, MEAN = "not a number", "zeros", "the mean of the values"
OTHERS, OTHERS_AND_MEAN = "that of the other rows", "that of the other rows and of the mean"

ALL_NAN = (NAN, NAN, NAN, NAN)
ALL_ZEROS = (ZEROS, ZEROS, OTHERS, OTHERS)
SEEN = {
    ("numpy", "native", "boolean"): ALL_NAN,
    ("numpy", "native", "−∞ added"): ALL_NAN,
    ("jax", "composed", "boolean"): (NAN, ZEROS, OTHERS, NAN),
    ("jax", "composed", "−∞ added"): ALL_NAN,
    ("jax", "native", "boolean"): (MEAN, ZEROS, OTHERS, OTHERS_AND_MEAN),
    ("jax", "native", "−∞ added"): ALL_NAN,
    ("torch", "composed", "boolean"): (NAN, ZEROS, OTHERS, NAN),
    ("torch", "composed", "−∞ added"): ALL_NAN,
    ("torch", "native", "boolean"): ALL_ZEROS,
    ("torch", "native", "−∞ added"): ALL_ZEROS,
}
"""Value of the row, gradient of its query (and mask), gradient for the keys, for the values."""


def answer(backend: str, route: str, mask: str, dtype: str) -> Observed:
    """What a backend returns, the heads and the batch as the identity of that mask has them."""
    if mask == "boolean":
        name = "masked_attention"
        arguments = {"Q": Q[0], "K": K[0], "V": V[0]}
        ybar = OBAR[0]
    else:
        name = "additive_mask_attention"
        arguments = {"Q": Q, "K": K, "V": V, "B": np.where(ALLOWED, 0.0, -np.inf)}
        ybar = OBAR
    wrt = tuple(arguments)
    given = {k: x.astype(dtype) for k, x in arguments.items()}
    if mask == "boolean":
        given["M"] = ALLOWED
    implementation = Implementation(load(backend), route, name, CATALOGUE[name].forward)
    return implementation.vjp(given, wrt, ybar.astype(dtype), {})


def named(x: np.ndarray, choices: dict[str, np.ndarray]) -> str:
    """Which of these arrays it is."""
    if np.isnan(x).all():
        return NAN
    found = [word for word, y in choices.items() if np.allclose(x, y, rtol=1e-5, atol=1e-6)]
    return found[0] if len(found) == 1 else f"something else: {x}"


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("backend", "route", "mask"), SEEN)
def test_a_row_with_nothing_left_to_attend_to(
    backend: str, route: str, mask: str, dtype: str
) -> None:
    if backend != "numpy":
        pytest.importorskip(backend)
    seen = answer(backend, route, mask, dtype)
    live = {"Q": Q[0, :1], "K": K[0], "V": V[0], "M": ALLOWED[:1]}
    attention = CATALOGUE["masked_attention"]
    assert attention.pullback is not None
    wanted = attention.pullback(numpy_namespace, OBAR[0, :1], **live)
    value, gradients = seen.value.reshape(2, 2), seen.gradients
    assert np.allclose(value[0], attention(numpy_namespace, **live), rtol=1e-5)
    of_query = gradients["Q"].reshape(2, 3)
    assert np.allclose(of_query[0], wanted["Q"], rtol=1e-4)
    mean = np.broadcast_to(OBAR[0, EMPTY] / 3, (3, 2))
    found = (
        named(value[EMPTY], {ZEROS: np.zeros(2), MEAN: V[0].mean(axis=0)}),
        named(of_query[EMPTY], {ZEROS: np.zeros(3)}),
        named(gradients["K"].reshape(3, 3), {OTHERS: wanted["K"]}),
        named(
            gradients["V"].reshape(3, 2),
            {OTHERS: wanted["V"], OTHERS_AND_MEAN: wanted["V"] + mean},
        ),
    )
    assert found == SEEN[backend, route, mask]
    if "B" in gradients:
        assert named(gradients["B"][EMPTY], {ZEROS: np.zeros(3)}) == found[1]


def test_the_readme_has_the_same_table() -> None:
    readme = CHECKOUT / "README.md"
    if not readme.exists():
        pytest.skip("the README is in a checkout only")
    text = readme.read_text(encoding="utf-8")
    for (backend, route, mask), seen in SEEN.items():
        assert f"| {backend} | {route} | {mask} | {' | '.join(seen)} |" in text
