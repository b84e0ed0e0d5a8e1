"""Cases: what to try. A case is a short line of text; the arrays are built from it.

``sizes``, a regime, a seed and a few injected entries decide everything, so that a case generates
fast, shrinks to small shapes and few odd entries, and is the same for every backend.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities import CATALOGUE
from ..identities.declaration import Identity
from ..identities.shapes import concrete, is_many
from ..oracles import ball_namespace
from ..oracles.balls import lift, precision
from ..oracles.expected import Expected
from ..oracles.machine import MACHINES, is_discrete

COTANGENT = "ybar"


def _ordinary(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.standard_normal(shape) * 2.0 ** rng.integers(-2, 3)


def _exponents(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.standard_normal(shape) * 10 ** rng.uniform(-2, 1.5)


def _wide(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.choice([-1.0, 1.0], shape) * 10 ** rng.uniform(-reach, reach, shape)


def _special(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    points = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 10.0, -10.0, 30.0, -30.0]
    return rng.choice(points, shape)


def _ties(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.integers(-1, 2, shape) * rng.choice([0.25, 1.0, 3.0])


def _large(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.standard_normal(shape) * 10 ** rng.uniform(1.0, reach)


REGIMES: dict[str, Callable[[np.random.Generator, tuple[int, ...], float], np.ndarray]] = {
    "ordinary": _ordinary,
    "exponents": _exponents,
    "special": _special,
    "ties": _ties,
    "wide": _wide,
    "large": _large,
}
"""How entries are distributed. N(0, 1) alone finds almost none of the real defects."""

REACH = {"float64": 6.0, "float32": 4.0, "float16": 1.5, "bfloat16": 4.0}
"""Decades to either side of 1 that the regimes *wide* and *large* span, per type."""


@dataclass(frozen=True)
class Case:
    """One point at which an identity is tried, in one floating-point type.

    ``injections`` are (argument, position, number): entries replaced before the domain's
    conditions build a valid argument from the draw.
    """

    identity: str
    dtype: str
    sizes: tuple[tuple[str, int | tuple[int, ...]], ...]
    static: tuple[tuple[str, Any], ...] = ()
    regime: str = "ordinary"
    seed: int = 0
    injections: tuple[tuple[str, int, float], ...] = ()

    def __post_init__(self) -> None:
        fit = CATALOGUE[self.identity].fit if self.identity in CATALOGUE else None
        if fit is not None:
            fitted = fit(dict(self.sizes), **dict(self.static))
            object.__setattr__(self, "sizes", tuple(fitted.items()))

    @property
    def parameters(self) -> dict[str, Any]:
        """The identity's static parameters, by name."""
        return dict(self.static)

    @property
    def size(self) -> int:
        """How much there is to look at: number of entries, then of odd ones."""
        return sum(x.size for x in self.arguments().values()) + len(self.injections)

    def line(self) -> str:
        """The case as one line; ``parse`` reads it back."""
        parts = [
            f"{name}={'x'.join(map(str, n)) or '-' if isinstance(n, tuple) else n}"
            for name, n in self.sizes
        ]
        parts += [f"{name}:{_one_word(value)}" for name, value in self.static]
        parts += [f"regime={self.regime}", f"seed={self.seed}"]
        parts += [f"{name}[{i}]={number!r}" for name, i, number in self.injections]
        return " ".join(parts)

    def arguments(self) -> dict[str, np.ndarray]:
        """The arguments: arrays of the case's type, integers where the identity takes indices."""
        return {name: x.copy() for name, x in _arguments(self).items()}

    def cotangent(self) -> np.ndarray:
        """ȳ: signed, not constant, of the output's shape."""
        shape = output_shape(self.identity, self.sizes, self.static)
        return MACHINES[self.dtype].round(_draw(self, COTANGENT, shape))


def parse(identity: str, dtype: str, line: str) -> Case:
    """Read ``Case.line()`` back. Raises ValueError that says which part is wrong."""
    declared = CATALOGUE[identity]
    sizes: list[tuple[str, Any]] = []
    static: list[tuple[str, Any]] = []
    injections: list[tuple[str, int, float]] = []
    regime, seed = "ordinary", 0
    for part in line.split():
        name, separator, text = part.partition("=")
        try:
            if name == "regime" and text in REGIMES:
                regime = text
            elif name == "seed":
                seed = int(text)
            elif name.endswith("]"):
                argument, _, position = name[:-1].partition("[")
                injections.append((argument, int(position), float(text)))
            elif is_many(name):
                sizes.append((name, tuple(int(n) for n in text.split("x")) if text != "-" else ()))
            elif separator:
                sizes.append((name, int(text)))
            else:
                parameter, _, text = part.partition(":")
                values = {_one_word(v): v for v in declared.parameters[parameter]}
                static.append((parameter, values[text]))
        except (ValueError, KeyError):
            raise ValueError(
                f"{part!r} in the case {line!r} cannot be read; a case looks like "
                f"{Case(identity, dtype, (('n', 2),)).line()!r}"
            ) from None
    return Case(identity, dtype, tuple(sizes), tuple(static), regime, seed, tuple(injections))


def _one_word(value: object) -> str:
    """A static parameter's value without spaces, which part the words of a line."""
    return str(value).replace(" ", "_")


def _draw(case: Case, name: str, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng([case.seed, zlib.crc32(name.encode())])
    x = np.asarray(REGIMES[case.regime](rng, shape, REACH[case.dtype]), np.float64)
    for argument, position, number in case.injections:
        if argument == name and x.size:
            x.flat[position % x.size] = number
    return x


@functools.lru_cache(maxsize=4096)
def _arguments(case: Case) -> Mapping[str, np.ndarray]:
    identity = CATALOGUE[case.identity]
    sizes: dict[str, Any] = dict(case.sizes)
    machine = MACHINES[case.dtype]
    drawn = {name: _draw(case, name, concrete(s, sizes)) for name, s in identity.shapes.items()}
    # Round first and again after: a condition must hold of the numbers that the backend gets.
    drawn = {name: np.asarray(machine.round(x), np.float64) for name, x in drawn.items()}
    for condition in identity.domain:
        rng = np.random.default_rng([case.seed, zlib.crc32(condition.says.encode())])
        name = condition.argument
        drawn[name] = np.asarray(condition.build(np, rng, drawn[name], sizes))
    return {name: x if is_discrete(x) else machine.round(x) for name, x in drawn.items()}


@functools.lru_cache(maxsize=4096)
def output_shape(
    identity: str, sizes: tuple[tuple[str, Any], ...], static: tuple[tuple[str, Any], ...]
) -> tuple[int, ...]:
    """Shape of the output: the forward function tried once."""
    arguments = _arguments(Case(identity, "float64", sizes, static))
    with precision(53):
        balls = {k: x if is_discrete(x) else lift(x) for k, x in arguments.items()}
        return CATALOGUE[identity].forward(ball_namespace, **balls, **dict(static)).shape


def expected(case: Case, ybar: np.ndarray) -> Expected:
    """Expected value and gradients of a case for a cotangent; all backends share it."""
    return _expected(case, ybar.tobytes(), ybar.shape)


@functools.lru_cache(maxsize=2048)
def _expected(case: Case, ybar: bytes, shape: tuple[int, ...]) -> Expected:
    identity: Identity = CATALOGUE[case.identity]
    machine = MACHINES[case.dtype]
    cotangent = np.frombuffer(ybar, machine.dtype).reshape(shape)
    return Expected(identity, case.arguments(), cotangent, case.parameters, machine)
