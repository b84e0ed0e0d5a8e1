"""``gradient-conformance check``: what is wrong with an adapter by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from gradient_conformance.commands.check import check, claimed, faults_of, missing_names, names_used
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.loading import NotInstalled, load
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.tests.implementations import broken

from .command_line import BROKEN, command


def said(backend: Backend) -> list[str]:
    return [fault.says for fault in faults_of(backend)]


@pytest.mark.parametrize("name", ["numpy", "jax", "torch_func"])
def test_a_right_one_passes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        load(name)
    except NotInstalled as reason:
        pytest.skip(str(reason))
    assert check(name) == 0
    shown = capsys.readouterr().out
    assert "✗" not in shown
    assert f"✓ the adapter keeps the protocol; next: gradient-conformance run --backend {name}" in (
        shown
    )


def converting(
    change: Callable[[np.ndarray], Any] = np.array, back: Callable[[np.ndarray], Any] = np.array
) -> Backend:
    class Converting(NumPy):
        name = "converting"

        def from_numpy(self, x):
            return change(x)

        def to_numpy(self, x):
            return back(x)

    return Converting()


def raising(x: np.ndarray) -> Any:
    raise TypeError("no such type")


@pytest.mark.parametrize(
    ("backend", "says"),
    [
        (converting(raising), "from_numpy raises for an array of shape () in float64: TypeError"),
        (converting(back=raising), "to_numpy raises for an array of shape () in float64: TypeErr"),
        (converting(back=np.ndarray.tolist), "to_numpy returns float for an array of shape ()"),
        (converting(np.atleast_1d), "an array of shape () in float64 comes back with the shape"),
        (
            converting(lambda x: x.astype(np.float32) if x.dtype == np.float64 else x.copy()),
            "an array of shape () in float64 comes back as float32: take float64 out of dtypes",
        ),
        (converting(np.negative), "an array of shape () in float64 comes back with other numbers"),
    ],
)  # fmt: skip
def test_conversions_that_lose_something_are_fatal(backend: Backend, says: str) -> None:
    found = list(faults_of(backend))
    assert found[0].says.startswith(says)
    assert found[0].fatal


def test_conversions_copy() -> None:
    assert said(broken.WithoutCopies())[0].startswith("from_numpy does not copy")
    assert said(converting(back=lambda x: x))[0].startswith("to_numpy does not copy")


@pytest.mark.parametrize(
    ("adapter", "says"),
    [
        (broken.NotAPair, "vjp of sigmoid: vjp returned ndarray; it must return a pair"),
        (broken.ForeignArray, "vjp of sigmoid: the gradient for z is a builtins.list"),
        (broken.Raising, "vjp of sigmoid: RuntimeError: no kernel for this shape"),
        (broken.MissingGradient, "vjp of sigmoid: vjp returned no gradient for z"),
    ],
)
def test_the_form_of_an_answer(adapter: type[Backend], says: str) -> None:
    (found,) = said(adapter())
    assert found.startswith(says)


def test_nothing_to_try() -> None:
    class Empty(NumPy):
        name = "empty"
        native: ClassVar[dict] = {}

    assert said(Empty()) == ["there is neither a namespace nor a native function: nothing to try"]


def test_what_is_claimed_is_tried() -> None:
    class Claiming(NumPy):
        name = "claiming"

        def accumulated_vjp(self, function, arguments, wrt, ybar):
            raise KeyError("grad")

    assert "accumulated_vjp" in claimed(Claiming())
    (found,) = said(Claiming())
    assert found.startswith("accumulated_vjp is claimed; sigmoid, accumulation: KeyError")


def test_nestings_without_products() -> None:
    class Nesting(NumPy):
        name = "nesting"
        nestings = ("reverse over reverse",)

    assert said(Nesting()) == ["nestings names 'reverse over reverse', and hvp is not defined"]


def test_devices_without_a_way_to_them() -> None:
    class Elsewhere(NumPy):
        name = "elsewhere"

        @property
        def devices(self) -> tuple[str, ...]:
            return ("cpu", "toy:0")

    assert said(Elsewhere()) == ["devices names cpu, toy:0, and placed is not defined"]


def composed(vjp: Callable[..., Any]) -> Backend:
    class Composed(NumPy):
        name = "composed"
        namespace = np  # type: ignore[assignment]

    Composed.vjp = vjp  # type: ignore[method-assign]
    return Composed()


def unused_is_none(self, function, arguments, wrt, ybar):
    full = {"X": ybar * 2, "Y": None if arguments["Y"].shape == (3, 1) else ybar}
    return function(**arguments), {name: full[name] for name in wrt}


def unused_is_ones(self, function, arguments, wrt, ybar):
    full = {"X": ybar * 2, "Y": np.ones_like(arguments["Y"])}
    return function(**arguments), {name: full[name] for name in wrt}


def unused_raises(self, function, arguments, wrt, ybar):
    if arguments["Y"].shape == (3, 1):
        raise RuntimeError("not used in the graph")
    return function(**arguments), {name: np.array(x) for name, x in arguments.items()}


def test_an_argument_that_is_not_used_has_a_gradient_of_zeros() -> None:
    (none,) = said(composed(unused_is_none))
    assert none.startswith("2X does not depend on Y, and vjp returned no gradient for Y")
    (ones,) = said(composed(unused_is_ones))
    assert ones == (
        "2X does not depend on Y, and vjp returns [[1.0], [1.0], [1.0]] for it, not zeros"
    )
    (raised,) = faults_of(composed(unused_raises))
    assert raised.noted
    assert raised.says.endswith("RuntimeError: not used in the graph")


def test_names_that_the_namespace_lacks_are_told_with_who_needs_them() -> None:
    class Small:
        exp, linalg = np.exp, np.linalg

    backend = composed(unused_is_none)
    type(backend).namespace = Small  # type: ignore[assignment, method-assign]
    missing = missing_names(backend)
    assert "exp" not in missing
    assert "softmax" in missing["sum"]
    assert missing["tanh"]
    assert "linalg.det" not in missing


def test_the_names_that_an_identity_uses() -> None:
    assert set(names_used("softmax")) == {"exp", "max", "sum"}
    assert "linalg.inv" not in names_used("square")
    assert all(isinstance(names_used(name), tuple) for name in CATALOGUE)


def test_run_does_not_go_on_with_numbers_that_are_lost(tmp_path: Path) -> None:
    done = command("run", "--backend", f"{BROKEN}:Nothing", "--identity", "square", cwd=tmp_path)
    assert done.returncode == 2
    assert "from_numpy raises for an array of shape () in float64: NotImplemented" in done.stderr
    assert f"gradient-conformance check {BROKEN}:Nothing" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_an_adapter_raises_does_not_act_on_the_terminal(tmp_path: Path) -> None:
    """Here or in the run: the check before it prints the same words."""
    (tmp_path / "red.py").write_text(
        "from gradient_conformance.implementations.numpy import NumPy\n"
        "class Red(NumPy):\n"
        "    name = 'red'\n"
        "    version = 'one \\x1b[2J'\n"
        "    def vjp(self, *_):\n"
        "        raise TypeError('\\x1b[31mred')\n",
        encoding="utf-8",
    )
    for words in (["check", "red:Red"], ["run", "--backend", "red:Red", "--identity", "square"]):
        done = command(*words, cwd=tmp_path)
        assert "\\x1b[31mred" in done.stdout + done.stderr
        assert "\x1b" not in done.stdout + done.stderr


def test_check_of_what_does_not_exist(tmp_path: Path) -> None:
    done = command("check", "nobody", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no backend 'nobody'" in done.stderr
