"""``assert_conforms``: hold one function of one's own to the laws, inside any test."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from hypothesis import currently_in_test_context

from ..identities.declaration import Identity
from ..identities.shapes import sizes_of
from ..implementations.implementation import Implementation
from ..implementations.loading import load
from ..implementations.protocol import Backend, Function
from . import LAWS, NEEDS, due, examine
from .cases import Case, parse
from .search import search
from .shape_pool import Sizes
from .strategies import PROFILES, Profile, fixed_cases, static_choices
from .tally import Entry, Tally
from .trial import NoAnswer, Trial
from .verdicts import Verdict
from .verification import named_identity, static_parameters

ALONE = (
    "shape_and_dtype",
    "value",
    "gradient",
    "inputs_intact",
    "same_answer_twice",
    "cotangent_linearity",
    "facts",
)
"""The laws of a function by itself; others are asked for by name."""

SHOWN = 64
"""Arrays of no more entries are printed whole."""


def assert_conforms(
    identity: str | Identity,
    function: Function | None = None,
    *,
    forward: Function | None = None,
    backward: Function | None = None,
    backend: str | Backend = "numpy",
    laws: Iterable[str] = ALONE,
    dtypes: Iterable[str] | None = None,
    shapes: Iterable[Mapping[str, Sequence[int]]] = (),
    parameters: Mapping[str, Any] | None = None,
    profile: str = "smoke",
    seed: int = 0,
    case: str | None = None,
    seconds: float = 20.0,
) -> None:
    """Raise AssertionError, which says what is wrong, where the gradients are not right.

    ``function`` takes the identity's arguments in order, as arrays of ``backend`` (a name,
    ``module:Class`` or a Backend), and its static parameters by name; the backend differentiates
    it. In its place a pair of NumPy functions: ``forward`` takes the same, and ``backward`` the
    cotangent, of the output's shape, before them; it returns the gradients by name, or in the order
    of the arguments, each of its argument's shape.

    ``shapes`` are those to try, each a dict from every argument to its shape, in place of the
    identity's own; ``parameters`` static parameters in place of those; ``dtypes`` floating-point
    types, by default the profile's that the backend has. ``seed`` decides what is drawn; ``case``,
    from a message, tries that one case alone. Inside a test of Hypothesis nothing is drawn: the
    profile's fixed cases for this seed are tried.

    Raises LookupError, TypeError or ValueError, in words, for what cannot be asked at all.
    """
    declared = named_identity(identity)
    chosen = _profile(declared, profile, shapes, parameters)
    adapter, what = _adapter(declared, function, forward, backward, backend)
    implementation = Implementation(adapter, "native", declared.name, declared.forward)
    names = _laws(laws, adapter)
    for dtype in _types(dtypes, chosen, adapter):
        tally = Tally()

        def judge(tried: Case, tally: Tally = tally) -> list[Verdict]:
            trial = Trial(implementation, tried, seconds)
            asked = names if case is not None else due(names, tried)
            return tally.add(tried, examine(trial, asked))

        if case is not None:
            judge(_parsed(declared.name, dtype, case))
        elif currently_in_test_context():  # one test of Hypothesis does not run inside another
            for tried in fixed_cases(declared.name, dtype, chosen, seed):
                judge(tried)
        else:
            search(judge, declared.name, dtype, chosen, seed)
        _conclude(declared, what, dtype, tally, implementation, seconds)


def _types(dtypes: Iterable[str] | None, profile: Profile, backend: Backend) -> list[str]:
    """The types to try. Raises ValueError where the backend lacks one that is asked for."""
    if dtypes is None:
        return [dtype for dtype in profile.dtypes if dtype in backend.dtypes]
    asked = [dtypes] if isinstance(dtypes, str) else list(dtypes)
    if lacking := [dtype for dtype in asked if dtype not in backend.dtypes]:
        raise ValueError(
            f"{backend.name} has {', '.join(backend.dtypes)}, and not {', '.join(lacking)}"
        )
    return asked


def _profile(
    identity: Identity,
    name: str,
    shapes: Iterable[Mapping[str, Sequence[int]]],
    parameters: Mapping[str, Any] | None,
) -> Profile:
    if name not in PROFILES:
        raise ValueError(f"there is no profile {name!r}; choose from {', '.join(PROFILES)}")
    static = () if parameters is None else tuple(static_parameters(identity, parameters).items())
    sizes = tuple(_sizes(identity, given, dict(static)) for given in shapes)
    if not (static or sizes):
        return PROFILES[name]
    return dataclasses.replace(
        PROFILES[name],
        telling=False,  # they are shapes and parameters of their own
        only_sizes=sizes,
        only_statics=(static,) if static else (),
    )


def _sizes(
    identity: Identity, given: Mapping[str, Sequence[int]], static: Mapping[str, Any]
) -> Sizes:
    """The sizes of the named dimensions. Raises ValueError where the shapes do not fit."""
    if set(given) != set(identity.shapes):
        raise LookupError(
            f"{identity.name} takes the arguments {', '.join(identity.shapes)}; the shapes are of "
            f"{', '.join(map(str, given)) or 'none'}"
        )
    sizes = sizes_of(identity.shapes, {name: tuple(given[name]) for name in identity.shapes})
    for name, least in identity.sizes.items():
        size = sizes[name]
        if isinstance(size, int) and size < least:
            raise ValueError(f"{name} is {size}; {identity.name} needs {name} ≥ {least}")
    statics = [static] if static else [dict(each) for each in static_choices(identity.name)]
    if identity.fit is not None and all(identity.fit(dict(sizes), **s) != sizes for s in statics):
        raise ValueError(f"the shapes {dict(given)} do not fit together for {identity.name}")
    return tuple(sizes.items())


def _adapter(
    identity: Identity,
    function: Function | None,
    forward: Function | None,
    backward: Function | None,
    backend: str | Backend,
) -> tuple[Backend, str]:
    """The backend with this function alone, and what to call it in a message."""
    pair = forward is not None and backward is not None
    if pair == (function is not None) or (forward is None) != (backward is None):
        raise TypeError("pass a function, or both forward and backward")
    own = copy.copy(load(backend) if isinstance(backend, str) else backend)
    order = tuple(identity.shapes)
    if pair:
        assert forward is not None
        assert backward is not None
        if own.name != "numpy":
            raise ValueError(f"forward and backward take NumPy arrays; the backend is {own.name}")
        own.native = {identity.name: _pair(identity, forward, backward)}  # type: ignore[misc]
        return own, f"{_named(forward)} and {_named(backward)}"
    assert function is not None
    if own.name == "numpy":
        raise ValueError(
            "NumPy does not differentiate: pass forward and backward, or the backend that does"
        )

    def native(**given: Any) -> Any:
        arguments = [given.pop(name) for name in order]
        return function(*arguments, **given)

    own.native = {identity.name: native}  # type: ignore[misc]
    return own, f"{_named(function)} by {own.name}"


def _named(function: Function) -> str:
    return str(getattr(function, "__name__", type(function).__name__))


def _pair(identity: Identity, forward: Function, backward: Function) -> Function:
    """A function as the NumPy backend has them: it returns the value and the pullback."""
    order = tuple(identity.shapes)

    def both(**given: Any) -> tuple[np.ndarray, Callable[[np.ndarray], Mapping[str, Any]]]:
        arguments = [given.pop(name) for name in order]
        y = forward(*arguments, **given)
        return y, lambda ybar: _by_name(identity, backward(ybar, *arguments, **given))

    return both


def _by_name(identity: Identity, answer: Any) -> Mapping[str, Any]:
    """Gradients by name; a single one, or several in order, are given their names."""
    if isinstance(answer, Mapping):
        return answer
    found = list(answer) if isinstance(answer, tuple | list) else [answer]
    names = tuple(identity.gradients)
    if len(found) != len(names):
        raise TypeError(
            f"backward returned {len(found)} gradients; {identity.name} has {len(names)}: "
            f"{', '.join(names)}"
        )
    return dict(zip(names, found, strict=True))


def _laws(laws: Iterable[str], backend: Backend) -> list[str]:
    names = [laws] if isinstance(laws, str) else list(laws)
    if unknown := [name for name in names if name not in LAWS]:
        raise LookupError(f"there is no law {', '.join(unknown)}; there are {', '.join(LAWS)}")
    if lacking := [name for name in names if name in NEEDS and not backend.can(NEEDS[name])]:
        raise ValueError(f"{backend.name} lacks what these laws need: {', '.join(lacking)}")
    return names


def _parsed(identity: str, dtype: str, line: str) -> Case:
    try:
        return parse(identity, dtype, line)
    except (ValueError, LookupError) as reason:
        raise ValueError(f"the case {line!r} cannot be read: {reason}") from None


def _conclude(
    identity: Identity,
    what: str,
    dtype: str,
    tally: Tally,
    implementation: Implementation,
    seconds: float,
) -> None:
    """Raise AssertionError where a law failed, or where nothing was decided."""
    failed = {k: e for k, e in tally.entries.items() if e.worst is not None and e.worst.failed}
    if failed:
        lines = [f"{identity.name}: {what} does not conform in {dtype}"]
        said: dict[tuple[str, str], list[str]] = {}
        for (law, wrt), entry in failed.items():
            assert entry.worst is not None
            said.setdefault((entry.worst.outcome, entry.worst.message), []).append(_about(law, wrt))
        for (outcome, message), about in said.items():
            lines += [f"✗ {outcome}: {', '.join(about)}", f"    {message}"]
        worst = _clearest(failed.values())
        assert worst.case is not None
        lines += _shown(Trial(implementation, worst.case, seconds), worst)
        lines.append(f"again: assert_conforms(…, dtypes=[{dtype!r}], case={worst.case.line()!r})")
        raise AssertionError("\n".join(lines))
    if not any(e.passed for e in tally.entries.values()):
        raise AssertionError(
            f"{identity.name}: nothing was decided about {what} in {dtype}; try smaller shapes, or "
            "a type of more digits"
        )


def _about(law: str, wrt: str | None) -> str:
    return law if wrt is None else f"{law} of {wrt}"


def _clearest(entries: Iterable[Entry]) -> Entry:
    """The failure with the smallest case."""
    return min(entries, key=lambda e: e.case.size if e.case is not None else 0)


def _shown(trial: Trial, entry: Entry) -> list[str]:
    """The arguments and, where the law compares with it, the exact gradient beside what was got."""
    lines = ["at"]
    arrays = {**trial.arguments, "ybar": trial.ybar}
    assert entry.worst is not None
    if entry.worst.law in ("gradient", "value"):
        wrt = entry.worst.wrt
        name = "value" if wrt is None else f"gradient of {wrt}"
        arrays[f"{name}, exact"] = trial.expected.plain(wrt).exact
        with suppress(NoAnswer):  # where there is none, the message says so
            observed = trial.observed
            arrays[f"{name}, got"] = observed.value if wrt is None else observed.gradients[wrt]
    for name, x in arrays.items():
        text = np.array2string(np.asarray(x), separator=", ", prefix=f"    {name} = ")
        if x.size > SHOWN:
            text = f"an array of shape {x.shape}"
        lines.append(f"    {name} = {text}")
    return lines
