"""The JAX backend: it leaves the process as it was, and compiles once for each shape."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.loading import load
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws.cases import parse

pytest.importorskip("jax")


@pytest.fixture
def backend() -> Backend:
    return load("jax")


def in_a_process_of_its_own(script: str, folder: Path) -> list[str]:
    """The lines that a script prints."""
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


USES = """
import jax, jax.numpy as jnp
import numpy as np
def seen():
    return str(jnp.ones(1).dtype), jax.config.jax_enable_x64, dict(jax.config.values)
before = seen()
from gradient_conformance.implementations.jax import Jax
imported = seen()
backend = Jax()
x = backend.from_numpy(np.array([0.1, 0.2]))
y, gradients = backend.vjp(backend.native["squared_norm"], {{"x": x}}, ("x",), backend.from_numpy(
    np.array(1.0)))
used = seen()
print(before[:2], before == imported == used)
print(y.dtype, gradients["x"].dtype, backend.to_numpy(gradients["x"]).tolist())
{more}
print(seen() == before)
"""


def test_it_computes_in_64_bits_and_leaves_the_process_in_32(tmp_path: Path) -> None:
    more = "jax.config.update('jax_enable_x64', True)"
    lines = in_a_process_of_its_own(USES.format(more=more), tmp_path)
    assert lines == [
        "('float32', False) True",
        "float64 float64 [0.2, 0.4]",
        "False",  # had it changed the setting, it would show
    ]


def test_it_leaves_a_process_in_64_bits_as_well(tmp_path: Path) -> None:
    script = "import jax\njax.config.update('jax_enable_x64', True)\n" + USES.format(more="")
    lines = in_a_process_of_its_own(script, tmp_path)
    assert lines == ["('float64', True) True", "float64 float64 [0.2, 0.4]", "True"]


COMPILES = """
import numpy as np
from pathlib import Path
from gradient_conformance.implementations import jax
{keep}
backend = jax.Jax()
x = backend.from_numpy(np.arange(3.0))
backend.vjp(lambda x: x * x, {{"x": x}}, ("x",), x)
print(len([f for f in Path({folder!r}).rglob("*") if f.is_file()]) > 0)
"""


@pytest.mark.parametrize(
    ("keep", "folder", "kept"),
    [
        ("jax.keep_compiled(Path('here'))", "here", "True"),
        ("jax.keep_compiled()", "home", "True"),
        ("jax.keep_compiled(Path('here'))", "home", "False"),
        ("", "home", "False"),
    ],
)
def test_compiled_functions_are_kept_where_told_and_only_then(
    keep: str, folder: str, kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    script = COMPILES.format(keep=keep, folder=str(tmp_path / folder))
    assert in_a_process_of_its_own(script, tmp_path) == [kept]


def call(backend: Backend, function: Any, x: np.ndarray, ybar: float = 1.0) -> np.ndarray:
    """The gradient of a function of one array."""
    converted = {"x": backend.from_numpy(x)}
    cotangent = backend.from_numpy(np.array(ybar, x.dtype))
    _, gradients = backend.vjp(function, converted, ("x",), cotangent)
    return backend.to_numpy(gradients["x"])


def test_one_function_is_compiled_once_for_each_shape_and_type(backend: Backend) -> None:
    traced: list[tuple] = []

    def squares(x):
        traced.append((x.shape, str(x.dtype)))
        return (x * x).sum()

    for value in range(5):
        assert call(backend, squares, np.array([value, 1.0]), 3.0).tolist() == [6 * value, 6]
    assert traced == [((2,), "float64")]
    call(backend, squares, np.ones(3))
    assert traced[1:] == [((3,), "float64")]
    call(backend, squares, np.ones(3, np.float32))
    assert traced[2:] == [((3,), "float32")]
    call(backend, squares, np.zeros(2))
    assert len(traced) == 3


def test_another_function_is_compiled_by_itself(backend: Backend) -> None:
    """Or the second would get the answers of the first."""
    assert call(backend, lambda x: 2 * x.sum(), np.ones(2)).tolist() == [2, 2]
    assert call(backend, lambda x: 3 * x.sum(), np.ones(2)).tolist() == [3, 3]


@pytest.mark.parametrize("route", ["composed", "native"])
def test_the_function_of_an_implementation_is_traced_once(backend: Backend, route: str) -> None:
    traced = []

    def forward(xp, **arguments):
        traced.append(route)
        return CATALOGUE["squared_norm"].forward(xp, **arguments)

    implementation = Implementation(backend, route, "squared_norm", forward)
    for seed in range(3):
        case = parse("squared_norm", "float64", f"n=5 seed={seed}")
        x, ybar = case.arguments(), case.cotangent()
        found = implementation.vjp(x, ("x",), ybar, {})
        assert np.allclose(found.gradients["x"], 2 * ybar * x["x"], rtol=1e-15)
    assert traced == (["composed"] if route == "composed" else [])


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16", "int64", "bool"])
def test_arrays_keep_their_type_and_shape(backend: Backend, dtype: str) -> None:
    for shape in ((), (0, 2), (3,), (2, 3, 4)):
        x = np.ones(shape).astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
        back = backend.to_numpy(backend.from_numpy(x))
        assert (back.shape, back.dtype.name) == (shape, dtype)
        assert np.array_equal(back, x)


def test_the_bits_of_bfloat16_survive(backend: Backend) -> None:
    """All of its numbers, both infinities and both zeros."""
    x = np.arange(2**16, dtype=np.uint16).view(ml_dtypes.bfloat16)
    x = x[~np.isnan(x.astype(np.float32))]
    back = backend.to_numpy(backend.from_numpy(x))
    assert back.view(np.uint16).tolist() == x.view(np.uint16).tolist()


def test_arrays_are_copies_both_ways(backend: Backend) -> None:
    """Also one that begins at a multiple of 64 bytes, whose memory JAX likes to take over."""
    buffer = np.zeros(64 + 8)
    x = buffer[-buffer.ctypes.data % 64 // 8 :][:64]
    converted = backend.from_numpy(x)
    x += 1
    assert not backend.to_numpy(converted).any()
    back = backend.to_numpy(converted)
    back += 1
    assert not backend.to_numpy(converted).any()


def test_an_argument_that_is_not_differentiated_may_be_an_index(backend: Backend) -> None:
    z, t = backend.from_numpy(np.array([[1.0, 2.0]])), backend.from_numpy(np.array([1]))
    ybar = backend.from_numpy(np.array([1.0]))
    function = backend.native["softmax_cross_entropy_by_index"]
    _, gradients = backend.vjp(function, {"z": z, "t": t}, ("z",), ybar)
    assert list(gradients) == ["z"]
    assert backend.to_numpy(gradients["z"]).sum() == pytest.approx(0, abs=1e-15)
