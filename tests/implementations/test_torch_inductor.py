"""PyTorch's machine code: where there is a C++ compiler it is made, where not it is unsupported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gradient_conformance.commands.conduct import Row, conduct, failures
from gradient_conformance.commands.selection import Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.loading import load
from gradient_conformance.laws import LAWS, laws_of

torch = pytest.importorskip("torch")
pytest.importorskip("array_api_compat")

# PyTorch's own modules warn of each other when its compiler is imported.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

LAW = "compiled_equals_eager"


@pytest.fixture
def without_compiler(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine that has none; Inductor reads the environment when it is imported."""
    from torch._inductor import config

    monkeypatch.setenv("CXX", "no_such_compiler")
    with config.patch({"cpp.cxx": (None, "no_such_compiler")}):
        yield


def rows(identity: str, laws: list[str], line: str | None = None) -> list[Row]:
    """What a run would write of an identity, composed, in float32; of one case, if it is given."""
    backend = load("torch_inductor")
    implementation = Implementation(backend, "composed", identity, CATALOGUE[identity].forward)
    chosen = select(
        backends=["torch_inductor"], identities=[identity], laws=laws, case=line, seconds=300
    )
    return conduct(Target(implementation, "float32", "torch_inductor"), chosen)


def test_without_a_compiler_it_is_unsupported_in_a_plain_sentence(without_compiler: None) -> None:
    found = rows("square", list(LAWS))
    assert [(row["law"], row["verdict"]) for row in found] == [(LAW, "unsupported")]
    assert found[0]["message"] == (
        "torch.compile makes machine code by a C++ compiler, and there is no 'no_such_compiler'"
    )
    assert not failures(found)
    assert laws_of(load("torch_inductor")) == []


def test_the_default_compiler_of_torch_compile_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def compile_(function: Any, **how: Any) -> Any:
        asked.append(how)
        return lambda x: 2 * function(x)

    monkeypatch.setattr(torch, "compile", compile_)
    x = {"x": torch.ones(3)}
    value, gradients = load("torch_inductor").compiled_vjp(
        lambda x: x * x, x, ("x",), torch.ones(3)
    )
    assert asked == [{"backend": "inductor", "fullgraph": True, "dynamic": False}]
    assert value.tolist() == [2, 2, 2]
    assert gradients["x"].tolist() == [4, 4, 4]


def test_without_compiling_it_is_eager_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "compile", None)
    x, ybar = torch.ones(2), torch.tensor([1.0, -1.0])
    value, gradients = load("torch_inductor").vjp(lambda x: x * x, {"x": x}, ("x",), ybar)
    assert value.tolist() == [1, 1]
    assert gradients["x"].tolist() == [2, -2]


@pytest.mark.slow
def test_machine_code_is_made_and_held_to_its_law() -> None:
    if missing := load("torch_inductor").missing("compiled_vjp"):
        pytest.skip(missing)
    from torch._inductor import metrics

    metrics.reset()
    torch.compiler.reset()
    found = rows("square", list(LAWS), "...=3 seed=1")
    assert {(row["law"], row["verdict"]) for row in found} == {(LAW, "pass")}
    assert metrics.generated_kernel_count > 0
