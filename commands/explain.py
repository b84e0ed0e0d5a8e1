"""``gradient-conformance explain NAME``: one identity in full, with a worked example."""

from __future__ import annotations

import difflib
import textwrap

import numpy as np

from ..identities import CATALOGUE
from ..identities.declaration import Identity
from ..identities.shapes import dimensions_of, is_many, parse_shape
from ..identities.sources import cite
from ..laws.cases import Case, expected
from ..laws.strategies import static_choices
from .selection import BadChoice


def explain(name: str) -> int:
    """Print formula, gradients, source, domain, kinks and a numeric example.

    Raises BadChoice where there is no such identity.
    """
    if name not in CATALOGUE:
        close = difflib.get_close_matches(name, CATALOGUE, n=3)
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        raise BadChoice(f"there is no identity {name!r}{hint} (gradient-conformance list)")
    identity = CATALOGUE[name]
    print("\n".join([*_definition(identity), "", *_example(identity)]))
    return 0


def _definition(i: Identity) -> list[str]:
    lines = [f"{i.name}: {i.description}", "", f"  {i.tex}", ""]
    lines += [f"  {_shape(name, text)}" for name, text in i.shapes.items()]
    lines += ["", "gradients, from the cotangent (the gradient of the loss for the output):"]
    lines += [f"  {name}: {tex}" for name, tex in i.gradients.items()]
    for title, entries in (
        ("Jacobian", [f"for {j.argument}: {j.tex}  [{j.source}]" for j in i.jacobians]),
        ("component form", [f"{c.tex}  [{c.source}]" for c in i.components]),
        ("facts", [f"{f.says}  [{f.source}]" for f in i.facts]),
        ("domain", [c.says for c in i.domain] + [f"{d} ≥ {n}" for d, n in i.sizes.items()]),
        (
            "no derivative at",
            [f"{k} = {', '.join(map(str, v))}" for k, v in i.kinks.items()]
            + [tie.says for tie in i.ties],
        ),
        ("parameters", [f"{k}: {', '.join(map(str, v))}" for k, v in i.parameters.items()]),
        ("notes", textwrap.wrap(i.notes, 96)),
        ("source", [cite(rule) for rule in i.sources]),
    ):
        if entries:
            lines += ["", f"{title}:", *(f"  {entry}" for entry in entries)]
    return lines


def _shape(name: str, text: str) -> str:
    if not text:
        return f"{name}: a scalar"
    words = " ".join("any" if is_many(d) else d for d in parse_shape(text))
    return f"{name}: shape ({', '.join(words.split())})"


def _example(i: Identity) -> list[str]:
    sizes = tuple(
        (d, () if is_many(d) else max(2 + n, i.sizes.get(d, 0)))
        for n, d in enumerate(dimensions_of(i.shapes))
    )
    case = Case(i.name, "float64", sizes, static_choices(i.name)[0], "ordinary", seed=1)
    ybar = case.cotangent()
    goal = expected(case, ybar)
    static = "".join(f", {k} = {v}" for k, v in case.static)
    lines = [f"example (float64, exact to the digits shown{static}):"]
    with np.printoptions(precision=6, suppress=True):
        for name, x in [*case.arguments().items(), ("cotangent", ybar)]:
            lines += _array(name, x)
        lines += _array("value", goal.plain(None).exact)
        for name in i.gradients:
            lines += _array(f"gradient for {name}", goal.plain(name).exact)
    return lines


def _array(name: str, x: np.ndarray) -> list[str]:
    head, *rest = np.array2string(x).splitlines()
    indent = " " * (len(name) + 5)
    return [f"  {name} = {head}", *(f"{indent}{line}" for line in rest)]
