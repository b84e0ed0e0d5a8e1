"""The speed benchmark runs, and times every identity that a backend has."""

from __future__ import annotations

import pytest

from gradient_conformance.benchmarks.speed import call_times, main
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.numpy import NumPy


def test_every_identity_is_timed() -> None:
    new_shape, new_value = call_times(NumPy(), "native", "float64")
    assert len(new_shape) == len(new_value) == len(CATALOGUE)
    assert min(new_shape + new_value) > 0


def test_a_route_that_a_backend_has_not_is_not_timed() -> None:
    assert call_times(NumPy(), "composed", "float64") == ([], [])


def test_the_table_has_a_row_for_each_figure(capsys: pytest.CaptureFixture[str]) -> None:
    main(["numpy"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["expected value"] * 3 + [
        "numpy native"
    ] * 2
