"""The law of shapes and types: what keeps it, and what each breach is called."""

from __future__ import annotations

import numpy as np
import pytest

from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws.shape_and_dtype import shape_and_dtype
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.tests.implementations.broken import each, spoiled
from gradient_conformance.tests.laws.trials import trial


def verdicts(adapter: type, identity: str, line: str, dtype: str = "float64") -> list[Verdict]:
    return list(shape_and_dtype(trial(adapter, identity, line, dtype)))


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("line", ["m=3 n=2", "m=1 n=1", "m=0 n=2", "m=2 n=0"])
def test_it_holds(line: str, dtype: str) -> None:
    found = verdicts(NumPy, "least_squares", line, dtype)
    assert [(v.wrt, v.outcome) for v in found] == [
        (None, "pass"),
        ("A", "pass"),
        ("x", "pass"),
        ("b", "pass"),
    ]


def test_an_index_has_no_gradient_to_have_a_shape() -> None:
    found = verdicts(NumPy, "softmax_cross_entropy_by_index", "m=2 n=3")
    assert [v.wrt for v in found] == [None, "z"]


Unsummed = spoiled("unsummed", each(lambda g: np.stack([g, g])))
Scalars = spoiled("scalars", each(lambda g: g.sum(keepdims=False)))
Transposed = spoiled("transposed", each(np.transpose))
Single = spoiled("single", each(lambda g: g.astype(np.float32)))
Column = spoiled("column", lambda value, gradients, arguments: (value[None], gradients))
Rounded = spoiled("rounded", lambda value, gradients, arguments: (np.float32(value), gradients))
Whole = spoiled("whole", each(lambda g: g.astype(np.int64)))


@pytest.mark.parametrize(
    ("adapter", "wrt", "words"),
    [
        (Unsummed, "A", "the gradient for A has shape (2, 3, 2) and type float64"),
        (Unsummed, "b", "the gradient for b has shape (2, 3) and type float64"),
        (Scalars, "x", "the gradient for x has shape () and type float64"),
        (Transposed, "A", "the gradient for A has shape (2, 3) and type float64"),
        (Single, "A", "the gradient for A has shape (3, 2) and type float32"),
        (Whole, "x", "the gradient for x has shape (2,) and type int64"),
        (Column, None, "the value has shape (1,) and type float64; it must have shape () and"),
        (Rounded, None, "the value has shape () and type float32; it must have shape () and"),
    ],
)
def test_a_breach_is_wrong_and_said(adapter: type, wrt: str | None, words: str) -> None:
    found = {v.wrt: v for v in verdicts(adapter, "least_squares", "m=3 n=2")}
    assert found[wrt].outcome == "wrong"
    assert found[wrt].message.startswith(words)
    assert "; it must have shape (" in found[wrt].message
    assert found[None].outcome == ("wrong" if wrt is None else "pass")


def test_only_the_argument_at_fault_is_named() -> None:
    found = {v.wrt: v.outcome for v in verdicts(Transposed, "least_squares", "m=3 n=2")}
    assert found == {None: "pass", "A": "wrong", "x": "pass", "b": "pass"}


def test_an_empty_array_has_a_shape_as_well() -> None:
    outcomes = [v.outcome for v in verdicts(Transposed, "least_squares", "m=0 n=2")]
    assert outcomes == ["pass", "wrong", "pass", "pass"]
