"""The CuPy backend over a stand-in with CuPy's rules, where there is no graphics processor."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.loading import NotInstalled, load
from gradient_conformance.implementations.numpy import NATIVE
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws import Trial, examine
from gradient_conformance.laws.strategies import PROFILES, fixed_cases
from gradient_conformance.laws.verdicts import FAILURES

from . import cupy_rules

MODULE = "gradient_conformance.implementations.cupy"
LAWS = ("shape_and_dtype", "value", "gradient", "inputs_intact", "same_answer_twice")


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    monkeypatch.setitem(sys.modules, "cupy", cupy_rules.cupy())
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    yield load("cupy")
    sys.modules.pop(MODULE, None)


def outcomes(backend: Backend, identity: str) -> set[str]:
    i = Implementation(backend, "native", identity, CATALOGUE[identity].forward)
    cases = fixed_cases(identity, "float64", PROFILES["smoke"], 0)[:6]
    return {v.outcome for case in cases for v in examine(Trial(i, case), LAWS)}


def test_a_machine_without_a_graphics_processor_is_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "cupy", cupy_rules.cupy(available=False))
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    with pytest.raises(NotInstalled, match="on an NVIDIA graphics processor, and this machine"):
        load("cupy")


def test_what_it_has_keeps_the_laws(backend: Backend) -> None:
    """All pairs but those that are listed run on arrays that NumPy cannot look into."""
    assert len(backend.native) == 75
    for identity in backend.native:
        assert not outcomes(backend, identity) & set(FAILURES), identity


def test_what_it_leaves_out_does_not_run(backend: Backend) -> None:
    """The list is no longer than it must be."""
    module: Any = importlib.import_module(MODULE)
    assert {*module.OF_NUMPY_ONLY} == NATIVE.keys() - backend.native.keys()
    backend.native = NATIVE  # type: ignore[misc]
    for identity in module.OF_NUMPY_ONLY:
        assert outcomes(backend, identity) >= {"error"}, identity


def test_arrays_both_ways_and_devices(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.arange(3.0)
    there = backend.from_numpy(x)
    x += 1
    assert backend.to_numpy(there).tolist() == [0, 1, 2]
    assert backend.devices == ("cuda:0", "cuda:1")
    assert load("cupy@cuda:1").name == "cupy@cuda:1"
    monkeypatch.delenv("CUPY_TF32", raising=False)
    assert backend.product_bits("float32") is None
    monkeypatch.setenv("CUPY_TF32", "1")
    assert backend.product_bits("float32") == 11
    assert backend.product_bits("float64") is None


def test_numpy_is_not_mixed_in() -> None:
    there = cupy_rules.DeviceArray([1.0])
    for mixing in (lambda: there + np.ones(1), lambda: np.exp(np.ones(1)) * there, there.__array__):
        with pytest.raises(TypeError):
            mixing()
