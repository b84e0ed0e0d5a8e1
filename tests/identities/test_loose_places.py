"""Loose places of the documents that are not about one gradient: values, Jacobians, conditions.

As in test_literal_readings, what the words literally say fails, and what the catalogue says holds.
"""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.activations import gelu, gelu_tanh, gelu_tanh_vjp, gelu_vjp
from gradient_conformance.identities.convolution import convolution_2d, convolution_2d_component
from gradient_conformance.identities.declaration import Jacobian
from gradient_conformance.oracles import ball_namespace as xp
from gradient_conformance.oracles.balls import BallArray, lift
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.proofs import (
    PROOF_BITS,
    inner,
    prove_gradient,
    prove_jacobian,
)
from gradient_conformance.oracles.taylor import jvp
from gradient_conformance.tests.identities.test_refutations import gradients_of

RNG = np.random.default_rng(3)
COVARIANCE = np.array([[2.0, 0.5, -0.25], [0.5, 1.5, 0.75], [-0.25, 0.75, 3.0]])


@pytest.fixture(autouse=True)
def _at_200_bits() -> Any:
    with precision(PROOF_BITS):
        yield


def same(a: BallArray, b: BallArray) -> bool:
    """Whether narrow balls overlap, all of them."""
    pairs = list(zip(a.elements.flat, b.elements.flat, strict=True))
    assert all(v.rad() < 2.0**-100 for pair in pairs for v in pair)
    return a.shape == b.shape and all(x.overlaps(y) for x, y in pairs)


def undefined(x: BallArray) -> bool:
    return all(v.is_nan() for v in x.elements.flat)


def jacobian_holds(
    name: str, at: dict[str, np.ndarray], literal: Any = None, **static: Any
) -> bool:
    """Whether an identity's own Jacobian holds at a point, or a literal one put in its place."""
    documented: Jacobian = CATALOGUE[name].jacobians[0]
    if literal:
        documented = replace(documented, function=literal)
    proof = prove_jacobian(CATALOGUE[name], documented, at, static, RNG)
    assert proof.decided
    return proof.holds


def test_relu_is_named_among_the_linear_layers() -> None:
    """patterns-4: ∂yᵢ/∂xⱼ = δᵢⱼ "is useful for linear layers like ReLU"."""

    def delta(xp: Any, z: Any) -> Any:
        return xp.eye(z.shape[0])

    negative, positive = {"z": np.array([2.0, -3.0, 0.5])}, {"z": np.array([2.0, 3.0, 0.5])}
    assert not jacobian_holds("relu", negative, delta)
    assert jacobian_holds("relu", positive, delta)
    assert jacobian_holds("relu", negative)
    assert jacobian_holds("relu", positive)


def test_the_derivative_of_relu_at_zero() -> None:
    """rules-3: "dY/dX = 1 if x>0 or 0 if x<0"; zoo-13: "technically undefined".

    The slope is 0 on the left and 1 on the right; the catalogue has 0, which is between them.
    """
    relu, one = CATALOGUE["relu"], lift(np.ones(1))
    pullback = gradients_of(relu)
    assert relu.kinks == {"z": (0.0,)}
    sides = [pullback(xp, one, z=lift(np.array([z])))["z"] for z in (-(2.0**-60), 2.0**-60)]
    quotients = [relu.forward(xp, lift(np.array([t]))) / t for t in (-(2.0**-60), 2.0**-60)]
    for found in (sides, quotients):
        assert same(found[0], 0 * one)
        assert same(found[1], one)
    assert same(pullback(xp, one, z=lift(np.zeros(1)))["z"], 0 * one)


def test_normal_equations_are_not_always_a_closed_form() -> None:
    """zoo-4: "the normal equations AᵀAx = Aᵀb, which is the closed-form solution"."""
    A = lift(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]))  # the second column is twice the first
    b = lift(np.array([1.0, 0.0, 1.0]))
    assert undefined(xp.linalg.inv(A.T @ A))
    pullback = gradients_of(CATALOGUE["least_squares"])
    first, second = (np.array([4.0, 0.0]), np.array([0.0, 2.0]))
    for x in (first, second):
        found = pullback(xp, lift(1.0), A=A, x=lift(x) / 14, b=b)["x"]
        assert same(found, lift(np.zeros(2)))


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("column", range(3))
def test_gradient_of_log_det_over_symmetric_matrices(row: int, column: int) -> None:
    """zoo-8: "its gradient with respect to the covariance matrix is Σ⁻¹".

    An entry of a symmetric matrix moves together with its mirror image.
    """
    one, symmetric = np.zeros((3, 3)), np.zeros((3, 3))
    one[row, column] = 1.0
    symmetric[row, column] = symmetric[column, row] = 1.0
    log_determinant = CATALOGUE["log_determinant"]
    inverse = xp.linalg.inv(lift(COVARIANCE))
    independent = 2 * inverse - inverse * np.eye(3)

    def slope(direction: np.ndarray) -> BallArray:
        return jvp(log_determinant.forward, {"X": lift(COVARIANCE)}, {"X": direction})

    assert same(slope(one), inverse[row, column])
    assert same(slope(symmetric), independent[row, column])
    assert same(slope(symmetric), inverse[row, column]) == (row == column)
    assert same(slope(symmetric), inner(inverse, lift(symmetric)))


def test_log_det_where_the_determinant_is_negative() -> None:
    """zoo-8, zoo-28: "∇ log det(X) = X⁻ᵀ", "the same identity drives the change of variables"."""
    X = COVARIANCE[[1, 0, 2]]
    identity = CATALOGUE["log_determinant"]
    assert undefined(identity.forward(xp, lift(X)))
    absolute = replace(identity, forward=lambda xp, X: xp.log(xp.abs(xp.linalg.det(X))))
    proofs = prove_gradient(absolute, {"X": X}, {}, RNG)
    assert all(proof.holds and proof.decided for proof in proofs)


def test_log_det_is_tr_log_only_where_there_is_a_logarithm() -> None:
    """zoo-10: "the elegant identity log det X = tr log X"."""
    determinant = CATALOGUE["log_determinant"].forward
    negative = lift(np.diag([-1.0, -2.0]))
    assert same(determinant(xp, negative), xp.log(lift(2.0)))
    assert any(v.is_nan() for v in xp.log(xp.linalg.eigvalsh(negative)).elements)
    positive = lift(COVARIANCE)
    assert same(determinant(xp, positive), xp.sum(xp.log(xp.linalg.eigvalsh(positive))))


def test_ranges_are_open() -> None:
    """zoo-12: "tanh outputs sit in [−1, 1] rather than [0, 1]"; no end of either is reached."""
    z = lift(np.array([-30.0, 30.0]))
    assert all(abs(v) < 1 for v in CATALOGUE["tanh"].forward(xp, z).elements)
    assert all(v > 0 and v < 1 for v in CATALOGUE["sigmoid"].forward(xp, z).elements)
    assert set(np.tanh([-30.0, 30.0])) == {-1.0, 1.0}  # rounded to float64


def test_the_derivative_of_gelu_is_closed_form() -> None:
    """zoo-14: "a more elaborate derivative that is not closed-form in elementary functions"."""
    z, one = lift(RNG.standard_normal(5)), lift(np.ones(5))
    elementary = SimpleNamespace(tanh=xp.tanh, pi=xp.pi)
    slope = gelu_tanh_vjp(elementary, one, z)["z"]
    assert same(slope, jvp(gelu_tanh.forward, {"z": z}, {"z": np.ones(5)}))
    with_erf = SimpleNamespace(exp=xp.exp, sqrt=xp.sqrt, ones_like=xp.ones_like, pi=xp.pi)
    with pytest.raises(AttributeError, match="special"):
        gelu_vjp(with_erf, one, z)
    with_erf.special = xp.special
    exact = gelu_vjp(with_erf, one, z)["z"]
    assert same(exact, jvp(gelu.forward, {"z": z}, {"z": np.ones(5)}))
    assert not same(exact, slope)


@pytest.mark.parametrize("x", [(3.0, -1.0), (1.0, -1.0, 1.0, -1.0)])
def test_layer_norm_does_not_couple_every_output_to_every_input(x: tuple[float, ...]) -> None:
    """zoo-20: "off-diagonal terms that couple every output to every input"."""
    n = len(x)
    at = {"x": np.array(x), "scale": np.ones(n), "shift": np.zeros(n)}
    documented = CATALOGUE["layer_normalisation"].jacobians[0].function
    apart = ~np.eye(n, dtype=bool) & (np.sign(x)[:, None] != np.sign(x)[None, :])
    for eps, coupled in ((0.0, False), (1e-5, True)):
        assert jacobian_holds("layer_normalisation", at, eps=eps)
        J = documented(xp, **{name: lift(v) for name, v in at.items()}, eps=eps)
        assert {v.overlaps(0 * v) for v in J.elements[apart]} == {not coupled}


def test_softmax_jacobian_is_not_summed_over_its_free_index() -> None:
    """attention-4: "∂Aⁱʲ/∂Sᵐⁿ = δⁱₘ Aⁱʲ (δʲₙ − Aⁱⁿ)", where repeated indices are said to be summed.

    Summed over j it would be zero everywhere.
    """
    at = {"S": RNG.standard_normal((2, 3))}
    own = CATALOGUE["attention_weights"].jacobians[0].function

    def summed(xp: Any, S: Any) -> Any:
        J = own(xp, S)
        return xp.sum(J, axis=1, keepdims=True) + 0 * J

    assert not jacobian_holds("attention_weights", at, summed)
    assert same(summed(xp, lift(at["S"])), lift(np.zeros((2, 3, 2, 3))))
    assert jacobian_holds("attention_weights", at)


def image() -> dict[str, BallArray]:
    sizes = {"X": (4, 5, 2), "W": (2, 3, 2, 2), "b": (2,)}
    return {name: lift(RNG.standard_normal(shape)) for name, shape in sizes.items()}


def test_a_convolution_is_a_cross_correlation() -> None:
    """layers-3: "Z = W ∗ X + b, where ∗ is the convolution operator"."""
    at = image()
    Z = convolution_2d.forward(xp, **at)
    assert same(Z, convolution_2d_component(xp, **at))
    flipped = {**at, "W": at["W"][::-1, ::-1]}  # what a convolution does to its kernel
    assert not same(Z, convolution_2d.forward(xp, **flipped))


@pytest.mark.parametrize("first", [0, 1])
def test_indices_of_the_kernel_start_at_zero(first: int) -> None:
    """layers-3: "Z_ijc = Σ W_mndc X_{i+m, j+n, d} + b_c", after a 1-D case with j = 1, …, k."""
    at = image()
    (h, w, _), (p, q, _, _) = at["X"].shape, at["W"].shape
    reached = {
        (i + m, j + n)
        for i in range(first, h - p + 1 + first)
        for j in range(first, w - q + 1 + first)
        for m in range(first, p + first)
        for n in range(first, q + first)
    }
    inside = {(i, j) for i in range(first, h + first) for j in range(first, w + first)}
    assert (reached == inside) == (first == 0)
    assert ((h + 1, w + 1) in reached) == (first == 1)


def test_the_code_of_the_attention_document() -> None:
    """attention-8: "Q = jnp.randn(10, 64)"."""
    jnp = pytest.importorskip("jax.numpy")
    jax = pytest.importorskip("jax")
    with pytest.raises(AttributeError, match="randn"):
        jnp.randn(10, 64)
    assert jax.random.normal(jax.random.key(0), (10, 64)).shape == (10, 64)


NOTED = {
    "identity_map": "ReLU",
    "relu": "leaves that point out",
    "least_squares": "independent",
    "log_determinant": "symmetric.*det X < 0.*no real",
    "affine_coupling_flow": "negative",
    "tanh": "open",
    "sigmoid": "open",
    "gelu_tanh": "tanh and arithmetic",
    "layer_normalisation": "coupled",
    "convolution_2d": "cross-correlation.*both.*bounds.*output.*0",
    "determinant": "singular",
}


@pytest.mark.parametrize("name", NOTED)
def test_the_notes_say_so(name: str) -> None:
    notes = CATALOGUE[name].notes
    assert "document" in notes
    assert re.search(NOTED[name], notes)
