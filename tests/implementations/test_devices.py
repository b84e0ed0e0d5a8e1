"""Which device a backend computes on: by name, for every call, and in what is recorded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradient_conformance.commands import selection
from gradient_conformance.commands.selection import BadChoice, select
from gradient_conformance.faults import FAULTS, Right, with_fault
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.declared import Deviation, declared, read_records
from gradient_conformance.implementations.devices import NoSuchDevice, device_of, kind_of, on_device
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.loading import UnknownBackend, load
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import Backend, Function
from gradient_conformance.laws.cases import parse


class Several(NumPy):
    """NumPy that pretends to have three devices, and notes on which one it is asked."""

    name = "several"

    def __init__(self) -> None:
        self.at = "nowhere"
        self.asked: list[tuple[str, str]] = []

    @property
    def devices(self) -> tuple[str, ...]:
        return ("cpu", "toy:0", "toy:1")

    @contextmanager
    def placed(self) -> Iterator[None]:
        self.at = self.device
        yield
        self.at = "nowhere"

    def from_numpy(self, x: np.ndarray) -> np.ndarray:
        self.asked.append(("from_numpy", self.at))
        return super().from_numpy(x)

    def to_numpy(self, x: np.ndarray) -> np.ndarray:
        self.asked.append(("to_numpy", self.at))
        return super().to_numpy(x)

    def vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> Any:
        self.asked.append(("vjp", self.at))
        return super().vjp(function, arguments, wrt, ybar)


class Nowhere(NumPy):
    """Has devices and cannot go there."""

    name = "nowhere"
    devices = ("cpu", "toy:0")  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("asked", "got"),
    [("cpu", "cpu"), ("cpu:0", "cpu"), ("toy", "toy:0"), ("toy:0", "toy:0"), ("toy:1", "toy:1")],
)
def test_a_device_by_its_name_or_its_kind(asked: str, got: str) -> None:
    backend = on_device(Several(), asked)
    assert (backend.device, backend.name) == (got, f"several@{got}")


def test_a_number_means_that_one_and_no_other_of_its_kind() -> None:
    """In one process of several the first device may have another number."""

    class Later(Several):
        @property
        def devices(self) -> tuple[str, ...]:
            return ("toy:4", "toy:5")

    assert on_device(Later(), "toy").device == "toy:4"
    with pytest.raises(NoSuchDevice, match="no device 'toy:0' on this machine"):
        on_device(Later(), "toy:0")


@pytest.mark.parametrize("asked", ["cuda", "toy:2", "", "toy:"])
def test_one_that_is_not_there_is_refused(asked: str) -> None:
    with pytest.raises(NoSuchDevice) as refused:
        on_device(Several(), asked)
    says = f"backend 'several' has no device '{asked}' on this machine; it has cpu, toy:0, toy:1"
    assert str(refused.value) == says


def test_a_backend_without_a_choice_is_on_the_processor() -> None:
    assert load("numpy@cpu").name == "numpy"
    with pytest.raises(UnknownBackend, match="no device 'cuda' on this machine"):
        load("numpy@cuda")


def test_the_usual_device_is_the_first() -> None:
    assert device_of(Several()) == "cpu"
    assert device_of(on_device(Several(), "toy:1")) == "toy:1"
    assert device_of(NumPy()) == ""
    assert [kind_of(d) for d in ("", "cpu", "cpu:0", "cuda:1")] == ["cpu", "cpu", "cpu", "cuda"]


def softmax_of(backend: Backend) -> Any:
    case = parse("softmax", "float64", "...=2 n=3 regime=ordinary seed=0")
    i = Implementation(backend, "native", "softmax", CATALOGUE["softmax"].forward)
    return i.vjp(case.arguments(), ("z",), case.cotangent(), case.parameters)


def test_everything_is_asked_at_the_device() -> None:
    named = on_device(Several(), "toy:1")
    assert isinstance(named, Several)
    softmax_of(named)
    assert {what for what, _ in named.asked} == {"from_numpy", "vjp", "to_numpy"}
    assert {where for _, where in named.asked} == {"toy:1"}
    assert named.at == "nowhere"


def test_a_fault_is_put_over_what_is_computed_at_the_device() -> None:
    named = on_device(Several(), "toy:1")
    assert isinstance(named, Several)
    right = Right(Implementation(named, "native", "softmax", CATALOGUE["softmax"].forward))
    faulty = with_fault(right, FAULTS["sign"], "z")
    case = parse("softmax", "float64", "...=2 n=3 regime=ordinary seed=0")
    faulty.vjp(case.arguments(), ("z",), case.cotangent(), case.parameters)
    assert {where for _, where in named.asked} == {"toy:1"}
    assert device_of(faulty.backend) == "toy:1"


def test_where_none_is_named_nothing_is_placed() -> None:
    unnamed = Several()
    softmax_of(unnamed)
    assert {where for _, where in unnamed.asked} == {"nowhere"}


def test_an_adapter_that_cannot_place_says_so() -> None:
    with pytest.raises(NoSuchDevice, match="has devices and does not define placed"):
        on_device(Nowhere(), "toy:0")


HERE = f"{__name__}:Several"


def test_each_backend_on_each_device_that_is_named() -> None:
    chosen = select([HERE], ["softmax"], devices=["toy", "cpu"])
    assert [spec for spec, _ in chosen.backends] == [f"{HERE}@toy", f"{HERE}@cpu"]
    assert [b.name for _, b in chosen.backends] == ["several@toy:0", "several@cpu"]


@pytest.mark.parametrize("names", [[HERE], []])
def test_a_device_by_two_of_its_names_is_tried_once(
    names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "installed", lambda paths: ([Several()], {}))
    monkeypatch.setattr(selection, "load", lambda spec: on_device(Several(), spec.split("@")[1]))
    chosen = select(names, ["softmax"], devices=["toy", "toy:1", "toy:0"])
    assert [b.name for _, b in chosen.backends] == ["several@toy:0", "several@toy:1"]


def test_a_device_in_the_name_of_a_backend_is_for_that_one() -> None:
    chosen = select([f"{HERE}@toy:1", "numpy"], ["softmax"], devices=["cpu"])
    assert [b.name for _, b in chosen.backends] == ["several@toy:1", "numpy"]


def test_the_name_of_a_test_can_name_a_file() -> None:
    (target, *_) = select([f"{HERE}@toy:1"], ["softmax"]).targets()
    assert target.id == "softmax-several-toy1-native-float64"


def test_of_backends_that_nobody_named_those_without_the_device_are_left_out() -> None:
    chosen = select(identities=["softmax"], devices=["cpu"])
    assert "numpy" in [b.name for _, b in chosen.backends]
    assert not chosen.missing
    with pytest.raises(BadChoice, match="no backend has a device that was asked for"):
        select(identities=["softmax"], devices=["no_such_device"])


SEEN = Deviation(
    "trace", ("native",), ("float64",), ("gradient",), "<=2.0", "it is off", "", "n=0 seed=3"
)


def test_a_witness_is_held_to_the_kinds_of_device_it_was_seen_on() -> None:
    assert SEEN.seen_on(NumPy())
    assert SEEN.seen_on(on_device(Several(), "cpu"))
    assert not SEEN.seen_on(on_device(Several(), "toy:0"))
    assert replace(SEEN, devices=("toy",)).seen_on(on_device(Several(), "toy:0"))


def test_what_is_unsupported_on_one_kind_of_device_may_be_there_on_another() -> None:
    assert declared("mlx").unsupported
    assert not declared("mlx", "gpu").unsupported
    assert declared("mlx").deviations == declared("mlx", "gpu").deviations


def test_records_hold_for_a_path_on_every_device() -> None:
    text = '[[unsupported]]\nidentities = ["*"]\nroutes = ["native"]\ndtypes = ["float64"]\n'
    text += 'reason = "no"\npaths = ["torch_func"]\n'
    assert read_records(text, "torch_func@cuda:0").unsupported
    assert not read_records(text, "torch@cuda:0").unsupported


JAX_ON_TWO = """
import numpy as np
from gradient_conformance.implementations.loading import load
from gradient_conformance.implementations.devices import at_its_device
from gradient_conformance.laws import Trial, examine
from gradient_conformance.laws.cases import parse
from gradient_conformance.faults import FAULTS, Right, with_fault
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
backend = load("jax@cpu:1")
with at_its_device(backend):
    x = backend.from_numpy(np.ones(2))
    value, gradients = backend.vjp(backend.native["squared_norm"], {"x": x}, ("x",),
        backend.from_numpy(np.array(1.0)))
print(backend.name, backend.devices, *[str(d) for a in (x, value, gradients["x"]) for d in
    a.devices()])
forward = CATALOGUE["softmax_cross_entropy"].forward
case = parse("softmax_cross_entropy", "float32", "...=2 n=3 regime=ordinary seed=0")
trial = Trial(Implementation(backend, "composed", case.identity, forward), case)
print({v.outcome for v in examine(trial, ["value", "gradient", "jvp", "batched_equals_looped"])})
print(str(load("jax").from_numpy(np.ones(2)).devices()))
"""


def test_jax_on_the_second_of_two_devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JAX makes several devices of one processor where it is asked to."""
    pytest.importorskip("jax")
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=2")
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    command = [sys.executable, "-W", "error", "-c", JAX_ON_TWO]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    where, outcomes, usual = done.stdout.splitlines()
    assert where == "jax@cpu:1 ('cpu:0', 'cpu:1') cpu:1 cpu:1 cpu:1"
    assert outcomes == "{'pass'}"
    assert usual == "{CpuDevice(id=0)}"


def test_pytorch_on_its_processor() -> None:
    torch = pytest.importorskip("torch")
    backend = load("torch@cpu")
    assert backend.devices[0] == "cpu"
    assert len(backend.devices) == 1 + torch.cuda.device_count()
    found = softmax_of(backend)
    assert found.value.shape == found.gradients["z"].shape


def test_pytorch_makes_new_arrays_where_it_was_asked_to() -> None:
    """On the device ``meta``, which has shapes and no numbers, as a graphics processor would."""
    torch = pytest.importorskip("torch")
    backend = load("torch")
    backend.device = "meta"
    with backend.placed():
        assert backend.from_numpy(np.ones(3)).device == torch.device("meta")
        assert backend.namespace.eye(2).device == torch.device("meta")
    assert torch.ones(1).device == torch.device("cpu")
