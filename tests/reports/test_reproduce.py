"""The script of a failure has this machine's folder in it only where the adapter lies there."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradient_conformance.reports.reproduce import script

ROW = {
    "identity": "square", "backend": "net", "route": "native", "dtype": "float64",
    "law": "gradient", "wrt": "X", "verdict": "wrong", "message": "it is off",
    "case": "...=1 regime=ordinary seed=0", "shown": {"arguments": {"X": [1.0]}, "ybar": [1.0]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("backend", "needed"),
    [("jax", False), ("jax@cpu:1", False), ("mine:Net", True), ("mine:Net@cuda:1", True)],
)
def test_where_the_adapter_is_found(backend: str, needed: bool) -> None:
    text = script(ROW, backend)
    assert (f"sys.path.insert(0, {str(Path.cwd())!r})" in text) is needed
    assert f"backend={backend!r}" in text
