"""What an adapter says of its devices and products is looked at before it is used."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest

from gradient_conformance.commands.check import check
from gradient_conformance.commands.selection import BadChoice
from gradient_conformance.implementations.loading import UnknownBackend, load
from gradient_conformance.implementations.numpy import NumPy


class Two(NumPy):
    name = "two"
    devices = ("cpu", "toy:0")  # type: ignore[assignment]

    def placed(self) -> Any:
        return nullcontext()


class NoDriver(NumPy):
    name = "no_driver"

    @property
    def devices(self) -> tuple[str, ...]:
        raise OSError("no driver")


class OneWord(Two):
    devices = "cuda"  # type: ignore[assignment]


class Numbered(Two):
    devices = (0, 1)  # type: ignore[assignment]


class Folders(Two):
    devices = ("/CPU:0", "/GPU:0")  # type: ignore[assignment]


class NamedBits(Two):
    def product_bits(self, dtype: str, primitive: str = "") -> Any:
        return "tf32"


class NoBits(Two):
    def product_bits(self, dtype: str, primitive: str = "") -> int | None:
        return 0 if primitive == "softmax" else None


class NoSettings(Two):
    def product_bits(self, dtype: str, primitive: str = "") -> int | None:
        raise OSError("no settings")


class Gone(Two):
    def placed(self) -> Any:
        raise OSError("gone")


class NoContext(Two):
    def placed(self) -> Any:
        return None


class LessThere(Two):
    """Whose products are said wrongly on one device only."""

    def product_bits(self, dtype: str, primitive: str = "") -> Any:
        return np.float32(11) if self.device else None


@pytest.mark.parametrize(
    ("adapter", "says"),
    [
        ("NoDriver", "OSError: no driver"),
        ("OneWord", "devices is 'cuda', not a tuple of names such as 'cpu'"),
        ("Numbered", r"devices is \(0, 1\), not a tuple of names"),
        ("Folders", r"devices is \('/CPU:0', '/GPU:0'\), not a tuple of names"),
        ("NamedBits", r"product_bits\('float64', ''\) is 'tf32', neither None nor a number"),
        ("NoBits", r"product_bits\('float64', 'softmax'\) is 0, neither None nor a number"),
        ("NoSettings", "OSError: no settings"),
        ("Gone@toy:0", "'two' cannot be used on 'toy:0': OSError: gone"),
        ("NoContext@toy", "'two' cannot be used on 'toy:0': TypeError: "),
        ("LessThere@toy", "'two' cannot be used on 'toy:0': TypeError: product_bits"),
    ],
)
def test_what_cannot_be_used_is_said_in_words(adapter: str, says: str) -> None:
    spec = f"{__name__}:{adapter}"
    with pytest.raises(UnknownBackend, match=says):
        load(spec)
    with pytest.raises(BadChoice, match=says):
        check(spec)


@pytest.mark.parametrize("adapter", ["Two", "Two@toy", "Gone", "NoContext", "LessThere"])
def test_what_can_be_used_is(adapter: str) -> None:
    assert load(f"{__name__}:{adapter}").product_bits("float64") is None


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        (f"{__name__}:Two", "devices: cpu, toy:0; here on cpu"),
        (f"{__name__}:Two@toy", "devices: cpu, toy:0; here on toy:0"),
    ],
)
def test_check_names_the_devices(spec: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(spec) == 0
    assert says in capsys.readouterr().out.splitlines()
    assert check("numpy") == 0
    assert "devices" not in capsys.readouterr().out
