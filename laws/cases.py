"""Cases: what to try. A case is a short line of text; the arrays are built from it.

``sizes``, a regime, a seed and a few injected entries decide everything, so that a case generates
fast, shrinks to small shapes and few odd entries, and is the same for every backend.
"""

from __future__ import annotations

import dataclasses
import functools
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities import CATALOGUE
from ..identities.declaration import Identity
from ..identities.shapes import concrete, dimensions_of, is_many
from ..oracles import ball_namespace
from ..oracles.balls import lift
from ..oracles.conditioning import Conditioning
from ..oracles.directional import Directional
from ..oracles.expected import Expected
from ..oracles.facts import Point, StatedFact
from ..oracles.machine import MACHINES, is_discrete
from ..oracles.precision import precision
from .axis import AXIS, points
from .regimes import LITERAL, REGIMES, SMALL, entries
from .sixteen_bit import EVERY, cotangents, has_every, numbers, run_of

COTANGENT = "ybar"

KNOWN = (*REGIMES, SMALL, EVERY, AXIS, LITERAL)
"""The regimes that a case may name."""


@dataclass(frozen=True)
class Case:
    """One point at which an identity is tried, in one floating-point type.

    ``sizes`` are those of the identity's named dimensions, in pairs; ``static`` its parameters,
    ``regime`` a key of ``REGIMES`` or another of ``KNOWN``. Raises KeyError where there is no
    such identity.
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
        """Put the sizes in order, and make them fit together."""
        declared = CATALOGUE[self.identity]
        given = dict(self.sizes)
        names = dict.fromkeys([*dimensions_of(declared.shapes), *given])
        sizes = {name: given[name] for name in names if name in given}
        if declared.fit is not None:
            sizes = declared.fit(sizes, **dict(self.static))
        object.__setattr__(self, "sizes", tuple(sizes.items()))

    @property
    def parameters(self) -> dict[str, Any]:
        """The identity's static parameters, by name."""
        return dict(self.static)

    @property
    def size(self) -> int:
        """How much there is to look at: number of entries, then of odd ones."""
        entries = sum(x.size for x in self.arguments().values())
        return entries + (entries if self.regime == EVERY else 0) + len(self.injections)

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
        return self._signed(COTANGENT, output_shape(self.identity, self.sizes, self.static))

    def tangents(self, of: str = "tangent") -> dict[str, np.ndarray]:
        """v: a direction for every argument that has a gradient; ``of`` names one of several.

        It stays in the domain, where that is a surface (targets that sum to one).
        """
        identity, machine = CATALOGUE[self.identity], MACHINES[self.dtype]
        shapes = {name: x.shape for name, x in self.arguments().items()}
        drawn = {name: self._signed(f"{of} of {name}", shapes[name]) for name in identity.gradients}
        for condition in identity.domain:
            if condition.tangent is not None and condition.argument in drawn:
                v = np.asarray(drawn[condition.argument], np.float64) / 2
                drawn[condition.argument] = machine.round(condition.tangent(np, v))
        return drawn

    def _signed(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        drawn = _draw(self, name, shape)
        if not drawn.any():  # zero all over would say nothing
            drawn = _draw(dataclasses.replace(self, regime="ordinary", injections=()), name, shape)
        return MACHINES[self.dtype].round(drawn)


def parse(identity: str, dtype: str, line: str) -> Case:
    """Read ``Case.line()`` back. Raises ValueError that says which part is wrong."""
    declared = CATALOGUE[identity]
    sizes: dict[str, Any] = {}
    static: dict[str, Any] = {}
    injections: list[tuple[str, int, float]] = []
    plain = {"regime": "ordinary", "seed": "0"}
    names = dimensions_of(declared.shapes)
    for part in line.split():
        name, _, text = part.partition("=")
        argument, _, position = name.removesuffix("]").partition("[")
        parameter, _, value = part.partition(":")
        try:
            if name in names and name not in sizes:
                sizes[name] = _size(name, text)
            elif argument in (*declared.shapes, COTANGENT) and name.endswith("]"):
                injections.append((argument, _natural(position), float(text)))
            elif parameter in declared.parameters:
                values = {_one_word(v): v for v in declared.parameters[parameter]}
                static[parameter] = values[value]
            elif name in plain:
                plain[name] = text if name == "seed" or text in KNOWN else ""
                _natural(plain[name] if name == "seed" else "0")
                if not plain[name]:
                    raise ValueError(part)
            else:
                raise ValueError(part)
        except (ValueError, KeyError):
            raise ValueError(
                f"{part!r} in the case {line!r} cannot be read: {identity} has the sizes "
                f"{', '.join(names) or 'none'}, the arguments {', '.join(declared.shapes)} and the "
                f"parameters {', '.join(declared.parameters) or 'none'}; regimes are "
                f"{', '.join(KNOWN)}"
            ) from None
    if plain["regime"] == EVERY and not has_every(declared, MACHINES[dtype]):
        raise ValueError(
            f"regime={EVERY} stands for all numbers of a 16-bit type, put into an element-wise "
            f"function of one argument; {identity} in {dtype} is none of those"
        )
    if plain["regime"] == AXIS and not declared.elementwise:
        raise ValueError(f"regime={AXIS} is for element-wise functions of one argument")
    if plain["regime"] != LITERAL and not all(np.isfinite(x) for *_, x in injections):
        raise ValueError(
            f"the case {line!r} injects a number that is not finite: only regime={LITERAL} may"
        )
    missing = [name for name in names if name not in sizes]
    missing += [name for name in declared.parameters if name not in static]
    for name, least in declared.sizes.items():
        if sizes.get(name, least) < least:
            raise ValueError(
                f"{name}={sizes[name]} is too small: {identity} needs {name} ≥ {least}"
            )
    if missing:
        raise ValueError(f"the case {line!r} says nothing of {', '.join(missing)}")
    return Case(
        identity,
        dtype,
        tuple((name, sizes[name]) for name in names),
        tuple((name, static[name]) for name in declared.parameters),
        plain["regime"],
        int(plain["seed"]),
        tuple(injections),
    )


def _size(name: str, text: str) -> int | tuple[int, ...]:
    if not is_many(name):
        return _natural(text)
    return () if text == "-" else tuple(_natural(n) for n in text.split("x"))


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)


def _one_word(value: object) -> str:
    """A static parameter's value without spaces, which part the words of a line."""
    return str(value).replace(" ", "_")


def _draw(case: Case, name: str, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng([case.seed, zlib.crc32(name.encode())])
    regime = case.regime
    arguments = list(CATALOGUE[case.identity].shapes)
    if regime == "extreme" and name != arguments[case.seed % len(arguments)]:
        regime = "ordinary"  # where two are extreme, the order of operations decides what overflows
    if regime == EVERY:
        machine = MACHINES[case.dtype]
        x = run_of((cotangents if name == COTANGENT else numbers)(machine), shape, case.seed)
    elif regime == AXIS:
        x = np.ones(shape) if name == COTANGENT else points(shape)
    else:
        x = entries(regime, rng, shape, case.dtype)
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
        if case.regime == LITERAL and condition.argument in identity.gradients:
            continue
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


def expected(case: Case, ybar: np.ndarray, product_bits: int | None = None) -> Expected:
    """Expected value and gradients of a case for a cotangent; all backends share it.

    All, that is, which round the factors of matrix products alike: to ``product_bits``, or not.
    """
    return _expected(case, ybar.tobytes(), ybar.shape, product_bits)


@functools.lru_cache(maxsize=2048)
def _expected(
    case: Case, ybar: bytes, shape: tuple[int, ...], product_bits: int | None
) -> Expected:
    cotangent = np.frombuffer(ybar, MACHINES[case.dtype].dtype).reshape(shape)
    return _point(case, product_bits).for_cotangent(cotangent)


@functools.lru_cache(maxsize=512)
def _point(case: Case, product_bits: int | None) -> Expected:
    """The expectation with no cotangent yet, of which those for all cotangents are made."""
    identity: Identity = CATALOGUE[case.identity]
    machine = MACHINES[case.dtype].with_products_of(product_bits)
    return Expected(identity, case.arguments(), np.zeros(()), case.parameters, machine)


def conditioning(case: Case, ybar: np.ndarray) -> Conditioning:
    """What an ideal algorithm may lose in a case for a cotangent; all backends share it."""
    return _conditioning(case, ybar.tobytes(), ybar.shape)


@functools.lru_cache(maxsize=512)
def _conditioning(case: Case, ybar: bytes, shape: tuple[int, ...]) -> Conditioning:
    return Conditioning(_expected(case, ybar, shape, None), case.seed)


def directional(
    case: Case, ybar: np.ndarray, of: str, product_bits: int | None = None
) -> Directional:
    """What J v and H v should be along one of a case's directions; shared as ``expected`` is."""
    return _directional(case, ybar.tobytes(), ybar.shape, of, product_bits)


@functools.lru_cache(maxsize=256)
def _directional(
    case: Case, ybar: bytes, shape: tuple[int, ...], of: str, product_bits: int | None
) -> Directional:
    return Directional(_expected(case, ybar, shape, product_bits), case.tangents(of))


def stated(case: Case, ybar: np.ndarray, product_bits: int | None = None) -> tuple[StatedFact, ...]:
    """The identity's facts at a case's point; shared as ``expected`` is."""
    return _stated(case, ybar.tobytes(), ybar.shape, product_bits)


@functools.lru_cache(maxsize=512)
def _stated(
    case: Case, ybar: bytes, shape: tuple[int, ...], product_bits: int | None
) -> tuple[StatedFact, ...]:
    here = Point(_expected(case, ybar, shape, product_bits))
    return tuple(StatedFact(fact, here) for fact in CATALOGUE[case.identity].facts)


def forget() -> None:
    """Drop what was worked out for cases so far, but not their arrays: a benchmark starts anew."""
    for known in (_point, _expected, _conditioning, _directional, _stated):
        known.cache_clear()
