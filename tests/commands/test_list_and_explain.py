"""``gradient-conformance list`` and ``explain``."""

from __future__ import annotations

import json

import pytest

from gradient_conformance.__main__ import main
from gradient_conformance.identities import CATALOGUE


def test_list_names_every_identity(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    shown = capsys.readouterr().out
    assert all(f" {name} " in shown for name in CATALOGUE)


def test_list_as_json_holds_every_declaration(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 0
    shown = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert set(shown) == set(CATALOGUE)
    assert shown["least_squares"]["gradients"].keys() == {"A", "x", "b"}
    assert shown["relu"]["kinks"] == {"z": [0.0]}
    assert shown["mean_squared_error"]["parameters"] == {"reduction": ["mean", "sum"]}


@pytest.mark.parametrize("name", CATALOGUE)
def test_explain_shows_formula_gradients_source_and_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", name]) == 0
    shown = capsys.readouterr().out
    identity = CATALOGUE[name]
    assert identity.tex in shown
    assert all(tex in shown for tex in identity.gradients.values())
    assert all(rule in shown for rule in identity.sources)
    assert all(f"gradient for {wrt} = " in shown for wrt in identity.gradients)
    assert not {"nan", "inf"} & set(shown.replace("[", " ").replace("]", " ").split())


def test_explain_shows_the_right_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    """The gradient of ‖x‖² is 2 ȳ x: held against the printed x and cotangent."""
    assert main(["explain", "squared_norm"]) == 0
    shown = dict(
        line.strip().split(" = ", 1)
        for line in capsys.readouterr().out.splitlines()
        if " = " in line
    )

    def numbers(text: str) -> list[float]:
        return [float(word) for word in text.strip("[] ").split()]

    x, ybar = numbers(shown["x"]), numbers(shown["cotangent"])[0]
    assert numbers(shown["gradient for x"]) == pytest.approx([2 * ybar * v for v in x], abs=2e-6)


def test_an_unknown_name_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "least_square"]) == 2
    assert "did you mean least_squares" in capsys.readouterr().err
