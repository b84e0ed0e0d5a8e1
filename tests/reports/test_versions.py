"""What took part: names, versions, devices, and products that are less precise than their type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.reports.versions import versions

from .synthetic import environment, write


def backend(**more: Any) -> dict[str, Any]:
    return {"name": "net", "version": "1.0", "dtypes": ["float32"], "routes": ["native"], **more}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "1.0"),
        ({"device": "cuda:0"}, "1.0 (on cuda:0)"),
        ({"device": "cuda:0", "name": "net@cuda:0"}, "1.0"),
        (
            {"product_bits": {"float32": {"composed": 11, "convolution_2d": 11}}},
            "1.0 (factors in float32 matrix products: 11 bits)",
        ),
        (
            {
                "device": "cuda:0",
                "product_bits": {"float32": {"convolution_1d": 11, "convolution_2d": 11}},
            },
            "1.0 (on cuda:0; factors in float32 convolution_1d, convolution_2d: 11 bits)",
        ),
        (
            {"product_bits": {"float32": {"composed": 11, "convolution_2d": 8}}},
            (
                "1.0 (factors in float32 matrix products: 11 bits; "
                "factors in float32 convolution_2d: 8 bits)"
            ),
        ),
        (
            {"product_bits": {"float32": {"softmax": [11]}}},
            "1.0 (factors in float32 softmax: [11] bits)",
        ),
    ],
)
def test_how_a_backend_computes(more: dict[str, Any], says: str, tmp_path: Path) -> None:
    tried = backend(**more)
    ledger = read_ledger(write(tmp_path / "ledger.jsonl", [environment(backends=[tried])]))
    assert dict(versions(ledger.environment))[tried["name"]] == says


@pytest.mark.parametrize("wrong", [3, {"float32": 11}, ["float32"]])
def test_what_is_no_number_of_bits_is_a_problem_of_the_ledger(wrong: Any, tmp_path: Path) -> None:
    lines = [environment(backends=[backend(product_bits=wrong)])]
    ledger = read_ledger(write(tmp_path / "ledger.jsonl", lines))
    assert "product_bits" in ledger.problems[0] or "float32" in ledger.problems[0]
