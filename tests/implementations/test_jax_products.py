"""Where JAX's own primitive multiplies matrices, so does the identity: its tolerance knows of it.

A graphics processor may round the factors of such a product; what the identity writes as a sum has
no tolerance for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.loading import load
from gradient_conformance.laws.cases import Case
from gradient_conformance.laws.shape_pool import shapes_of
from gradient_conformance.laws.strategies import static_choices
from gradient_conformance.oracles import ball_namespace
from gradient_conformance.oracles.balls import lift
from gradient_conformance.oracles.machine import is_discrete
from gradient_conformance.oracles.precision import precision

jax = pytest.importorskip("jax")

PRODUCTS = {"dot_general", "conv_general_dilated"}


def operations(jaxpr: Any) -> Iterator[str]:
    """The names of JAX's operations, those of inner functions too."""
    for equation in jaxpr.eqns:
        yield equation.primitive.name
        for held in equation.params.values():
            for each in held if isinstance(held, list | tuple) else [held]:
                inner = getattr(each, "jaxpr", each)
                if hasattr(inner, "eqns"):
                    yield from operations(inner)


def multiplies(case: Case) -> bool:
    """Whether the identity's own function makes a matrix product."""
    arguments = {n: x if is_discrete(x) else lift(x) for n, x in case.arguments().items()}
    with precision(24) as used:
        CATALOGUE[case.identity].forward(ball_namespace, **arguments, **case.parameters)
    return used.multiplied


def jax_multiplies(case: Case) -> bool:
    """Whether JAX's own primitive makes a matrix product."""
    forward = CATALOGUE[case.identity].forward
    of = Implementation(load("jax"), "native", case.identity, forward).function(case.parameters)
    made = jax.make_jaxpr(lambda given: of(**given))(case.arguments())
    return bool(PRODUCTS & set(operations(made.jaxpr)))


def some_case(identity: str) -> Case:
    static = static_choices(identity)[0]
    return Case(identity, "float32", shapes_of(identity, 2, 0)[-1], static, seed=1)


@pytest.mark.parametrize("identity", load("jax").native)
def test_a_product_of_jax_is_one_of_the_identity(identity: str) -> None:
    case = some_case(identity)
    assert multiplies(case) or not jax_multiplies(case)


@pytest.mark.parametrize(
    ("identity", "product"),
    [("matrix_product", True), ("squared_norm", True), ("convolution_2d", True), ("tanh", False)],
)
def test_products_are_seen(identity: str, product: bool) -> None:
    assert jax_multiplies(some_case(identity)) is product
