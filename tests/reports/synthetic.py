"""Ledgers made up for the tests: small ones to change, hostile ones, and one of full size."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gradient_conformance.reports.ledger import Ledger, read_ledger

HOSTILE = (
    "<script>alert(1)</script>\n# heading | cell `code` ```fence``` ]]> <!-- \"quoted\" 'single' "
    "</pre></details> [link](javascript:alert(1)) \x1b[31mred\x07 \u202ereversed {{ 7 * 7 }} "
    "&lt; $(reboot) ~~~ *stars* _under_ @everyone \\"
)
"""What no view may let through as anything but text."""
FIELDS = ("identity", "backend", "route", "dtype", "law", "wrt", "family")
"""The names in a verdict."""

FAMILIES = {
    "activations": {"gelu": "z", "gelu_tanh": "z", "relu": "z", "sigmoid": "z", "tanh": "z"},
    "attention": {"attention": "QKV", "causal_attention": "QKV"},
    "convolution": {"conv1d": "XKb", "conv2d": "XKb"},
    "forms": {
        "least_squares": "Axb",
        "linear_form": "ax",
        "quadratic_form": "Ax",
        "squared_norm": "x",
    },
    "layers": {
        "linear_layer": "Wxb",
        "linear_layer_on_batch": "XWb",
        "matrix_product": "XW",
        "residual": "XZ",
    },
    "losses": {"binary_cross_entropy_with_logits": "zy", "mean_squared_error": "xy"},
    "normalisation": {"layer_norm": "xgb", "rms_norm": "xg"},
    "softmax": {
        "log_softmax": "z",
        "logsumexp": "z",
        "softmax": "z",
        "softmax_cross_entropy": "zy",
    },
    "trace_and_determinant": {"determinant": "X", "log_determinant": "X", "trace": "X"},
}
"""28 identities with their arguments, by family."""

COLUMNS = (
    ("jax", "composed"),
    ("jax", "native"),
    ("numpy", "native"),
    ("torch", "composed"),
    ("torch", "native"),
)
DIGITS = {"float64": 15.95, "float32": 7.22}


def environment(**changes: Any) -> dict[str, Any]:
    """The environment line of a smoke run with jax, numpy and torch."""
    return {
        "kind": "environment",
        "schema": 1,
        "package": "0.1.0",
        "python": "3.11.7",
        "platform": "Linux-6.1.0-x86_64-with-glibc2.36",
        "versions": {"numpy": "2.4.6", "hypothesis": "6.170.15", "python-flint": "0.9.0"},
        "backends": [
            {"name": name, "version": version, "dtypes": list(DIGITS), "routes": routes}
            for name, version, routes in (
                ("jax", "0.10.2", ["composed", "native"]),
                ("numpy", "2.4.6", ["native"]),
                ("torch", "2.13.0+cpu", ["composed", "native"]),
            )
        ],
        "missing": {
            "tensorflow": "backend 'tensorflow' needs tensorflow, which is not installed: "
            "pip install tensorflow"
        },
        "profile": "smoke",
        "seed": 0,
        "catalogue": "8d1fc0a2b7e4",
        "identities": 28,
        "dtypes": list(DIGITS),
        "started": "2026-11-20T10:50:00Z",
        "command": "gradient-conformance run --profile smoke",
        **changes,
    }


def verdict(**changes: Any) -> dict[str, Any]:
    """A verdict line: a pass of the gradient of least_squares in A, but for the changes."""
    return {
        "kind": "verdict",
        "identity": "least_squares",
        "family": "forms",
        "route": "native",
        "backend": "torch",
        "dtype": "float32",
        "law": "gradient",
        "wrt": "A",
        "verdict": "pass",
        "digits": 6.81,
        "margin": 0.12,
        "examples": 14,
        "undecided": 2,
        "case": None,
        "seed": 0,
        "reproduce": "",
        "message": "",
        **changes,
    }


def failure(**changes: Any) -> dict[str, Any]:
    """A verdict line of a wrong gradient, with everything that comes with a failure."""
    return verdict(
        **{
            "verdict": "wrong",
            "digits": 0.3,
            "margin": 1.9e6,
            "case": "m=2 n=3 regime=special seed=7",
            "reproduce": "gradient-conformance run --backend torch --route native --dtype float32 "
            "--identity least_squares --case 'm=2 n=3 regime=special seed=7'",
            "message": "at [0, 1] expected -20, got -10; the tolerance is 2.6e-06 and the error "
            "1.9e+06 times that; 2 of 6 entries are off",
            "script": "reproduce/torch-native-least_squares-float32-gradient-A.py",
            "shown": {
                "arguments": {
                    "A": [[1.0, -0.5, 3.0], [0.0, 2.0, -1.0]],
                    "x": [10.0, 0.5, -0.0],
                    "b": [-30.0, 1.0],
                },
                "ybar": -0.25,
                "expected": [[-199.5, -20.0, 0.0], [0.0, 1e-7, 0.0]],
                "tolerance": [[2.6e-6, 2.6e-6, 1e-38], [1e-38, 1e-13, 1e-38]],
                "observed": [[-199.5, -10.0, 0.0], [0.0, "nan", 0.0]],
            },
            **changes,
        }
    )


def end(**changes: Any) -> dict[str, Any]:
    """The last line of a run that finished."""
    return {
        "kind": "end",
        "finished": "2026-11-20T10:50:41Z",
        "seconds": 41.2,
        "exit": 0,
        "interrupted": False,
        "items": 350,
        **changes,
    }


def write(path: Path, lines: Sequence[Any]) -> Path:
    """Write the lines, which need not make sense, as a ledger and return its path."""
    text = "".join(json.dumps(line, allow_nan=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def ledger(folder: Path, *verdicts: Mapping[str, Any], **ending: Any) -> Ledger:
    """A finished run with these verdicts, written into the folder and read back."""
    lines = [environment(), *verdicts, end(**ending)]
    return read_ledger(write(folder / "ledger.jsonl", lines))


def full_size(failures: bool = True) -> list[dict[str, Any]]:
    """Every line of a run over 28 identities, 5 backends and routes, 2 types and 7 laws."""
    rng = random.Random(0)
    lines = [environment()]
    for family, identities in FAMILIES.items():
        for identity, arguments in identities.items():
            for backend, route in COLUMNS:
                own = rng.random() < 0.75 or identity in ("gelu", "least_squares")
                for dtype, most in DIGITS.items():
                    place = {
                        "family": family,
                        "identity": identity,
                        "backend": backend,
                        "route": route,
                        "dtype": dtype,
                    }
                    if route == "native" and not own:
                        lines += _unsupported(place, arguments)
                    else:
                        lines += _judged(place, arguments, most, rng, failures)
    return [*lines, end(exit=int(failures))]


def _unsupported(place: Mapping[str, str], arguments: str) -> list[dict[str, Any]]:
    reason = f"{place['backend']} has no function of its own for {place['identity']}"
    changes: dict[str, Any] = {"verdict": "unsupported", "digits": None, "margin": None}
    return [
        verdict(**place, law=law, wrt=wrt, examples=0, undecided=0, message=reason, **changes)
        for law, wrt in _laws(arguments)
    ]


def _judged(
    place: Mapping[str, str], arguments: str, most: float, rng: random.Random, failures: bool
) -> list[dict[str, Any]]:
    where = (place["backend"], place["route"], place["identity"])
    lines = []
    for law, wrt in _laws(arguments):
        measured = law in ("value", "gradient", "agreement")
        correct = most - abs(rng.gauss(0.6, 0.5)) if measured else None
        margin = round(rng.random() * 0.25, 3) if measured else None
        changes: dict[str, Any] = {"law": law, "wrt": wrt, "digits": correct, "margin": margin}
        line = verdict(**place, **changes, undecided=rng.choice([0, 0, 0, 1]))
        if failures:
            line = _broken(line, where, most)
        if where[2] == "determinant" and law == "gradient" and place["dtype"] == "float32":
            line |= {"verdict": "undecided", "digits": None, "undecided": 14,
                     "message": "a gross fault would fit in the tolerance"}  # fmt: skip
        lines.append(line)
    return lines


def _laws(arguments: str) -> list[tuple[str, str | None]]:
    return [
        ("value", None),
        *(("gradient", name) for name in arguments),
        *(("shape_and_dtype", name) for name in arguments),
        ("inputs_intact", None),
        ("same_answer_twice", None),
        ("cotangent_linearity", None),
        ("agreement", None),
    ]


def _broken(line: dict[str, Any], where: tuple[str, ...], most: float) -> dict[str, Any]:
    gradient = line["law"] == "gradient"
    if where == ("torch", "native", "least_squares") and gradient and line["wrt"] != "b":
        return failure(**{k: line[k] for k in ("dtype", "wrt")})
    changed = {k: line[k] for k in ("family", "identity", "backend", "route", "dtype", "wrt")}
    if where == ("jax", "native", "gelu") and gradient:
        return failure(
            **changed, verdict="imprecise", digits=most * 0.6, margin=39.0,
            case="...=3x2 regime=exponents seed=1203", script="reproduce/jax-native-gelu.py",
            message="at [2, 1] expected 0.99999713489, got 0.9999912; the tolerance is 1.5e-07 and "
            "the error 39 times that; 1 of 6 entries are off",
            shown={
                "arguments": {"z": [[0.1, 2.0], [-0.5, 1.25], [0.0, 3.875]]},
                "ybar": [[1.0, 1.5], [-2.0, 0.125], [1.0, 1.0]],
                "expected": [[0.579, 1.62], [-0.264, 0.13], [0.5, 0.99999713489]],
                "tolerance": [[1e-7, 1e-7], [1e-7, 1e-7], [1e-7, 1.5e-7]],
                "observed": [[0.579, 1.62], [-0.264, 0.13], [0.5, 0.9999912]],
            },
        )  # fmt: skip
    if where == ("jax", "composed", "logsumexp") and line["law"] == "cotangent_linearity":
        return failure(
            **changed, law="cotangent_linearity", verdict="error", digits=None, margin=None,
            message="TypeError: unsupported operand type(s) for *: 'NoneType' and 'float'\n"
            "  in jax/_src/numpy/reductions.py, line 311", shown=None, script="",
        )  # fmt: skip
    if where == ("torch", "composed", "log_determinant") and line["law"] == "value":
        return line | {"verdict": "known", "digits": most / 4, "margin": 31.0,
                       "message": "loses half of the digits near a singular matrix; reported "
                       "upstream"}  # fmt: skip
    return line
