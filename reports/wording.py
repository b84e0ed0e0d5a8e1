"""The words that all views share: for verdicts, laws and routes, and the result in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime

from ..implementations.protocol import NESTINGS
from ..laws.verdicts import FAILURES
from .cells import most_digits
from .lines import Entry
from .summary import Group, Summary

SYMBOLS = {"pass": "✓", "known": "◇", "unsupported": "–", "undecided": "?"}
"""What stands beside the word, of verdicts that do not fail."""

FAILED = "✗"

LAWS = {
    "value": ("value", "The function's value equals the exact one."),
    "gradient": (
        "gradient",
        (
            "The gradient with respect to one argument equals the exact one, entry by entry. "
            "At a kink, where there is no derivative, anything between those from the two sides "
            "is right."
        ),
    ),
    "shape_and_dtype": (
        "shape and type",
        (
            "Each gradient has the shape and the floating-point type of its argument, and the "
            "value those of the output."
        ),
    ),
    "inputs_intact": (
        "inputs left intact",
        "The arrays that were handed in are unchanged afterwards, to the last bit.",
    ),
    "same_answer_twice": (
        "same answer twice",
        "The same call on the same input gives the same bits again.",
    ),
    "cotangent_linearity": (
        "linearity in the cotangent",
        (
            "The cotangent is the array that comes in from the output's side when a gradient is "
            "taken (also called upstream gradient or grad_output; written ȳ here). The gradient "
            "must be linear in it: zero gives zero, −2 times the cotangent gives −2 times the "
            "gradient, and the gradients for two parts of it add up to the gradient for the whole."
        ),
    ),
    "jvp": (
        "forward mode",
        (
            "The derivative along a drawn direction v (forward mode, a Jacobian-vector product) "
            "equals the exact one."
        ),
    ),
    "adjointness": (
        "forward mode against reverse mode",
        (
            "The derivative along v, weighted by the cotangent, equals the gradient, weighted by "
            "v: the two modes of differentiation are transposes of one another."
        ),
    ),
    **{
        f"hvp_{nesting.replace(' ', '_')}": (
            f"second derivative, {nesting}",
            (
                "The Hessian (the matrix of second derivatives) times a drawn direction equals the "
                f"exact product, computed as {nesting} mode: the outer mode differentiates what "
                "the inner one gave."
            ),
        )
        for nesting in NESTINGS
    },
    "hessian_symmetry": (
        "symmetry of second derivatives",
        "For two drawn directions v and w the Hessian gives wᵀ H v = vᵀ H w.",
    ),
    "convention": (
        "convention",
        (
            "At a kink, a tie or another point where the formula breaks down, the gradient lies "
            "between the derivatives from the two sides. What each library returns there is in the "
            "table of conventions."
        ),
    ),
    "batched_equals_looped": (
        "batched equals looped",
        "The gradients of a batch, computed at once (vmap), are those of its points one by one.",
    ),
    "compiled_equals_eager": (
        "compiled equals eager",
        "The compiled function gives the gradients that it gives operation by operation.",
    ),
    "layout_independent": (
        "memory layout",
        (
            "Transposed, strided, reversed, repeated and offset views of the same numbers have the "
            "same gradients."
        ),
    ),
    "same_array_twice": (
        "one array for two arguments",
        "Where one array is passed for two arguments, each still gets its own gradient.",
    ),
    "gradients_add": (
        "gradients add",
        "An array that is used twice gets the sum of the two gradients.",
    ),
    "accumulation": (
        "accumulation",
        "The gradients of several calls that are accumulated are the sum of those of each.",
    ),
    "chain_rule": (
        "chain rule",
        (
            "Put between two linear maps, the function has the gradient that the chain rule makes "
            "of its own."
        ),
    ),
    "facts": (
        "facts",
        (
            "What is documented of the answer as a whole holds of it (the gradient of softmax sums "
            "to 0), with no more rounding than that of the answer itself."
        ),
    ),
    "agreement": (
        "agreement",
        (
            "The answer agrees, within the sum of the tolerances, with those of at least half of "
            "the other libraries and routes on the same input."
        ),
    ),
}
"""Of each law, how it is called in a sentence, and what it demands."""

ROUTE_MEANINGS = {
    "composed": "The reference formula, written with the library's basic array operations and "
    "differentiated by the library. It tests the library's automatic differentiation.",
    "native": "The library's own ready-made function for this formula (its own primitive), with "
    "the gradient that the library gives for it.",
}


def symbol(verdict: str) -> str:
    """The sign that stands beside a verdict's word; the word is always there too."""
    return SYMBOLS.get(verdict, FAILED)


def visible(text: str) -> str:
    """The text with everything that would not show, or would act on a terminal, spelled out."""
    if text.isprintable():  # almost all are, and this is quick
        return text
    return "".join(
        c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text
    )


def clipped(text: str, limit: int) -> str:
    """At most ``limit`` characters, with the number of those left out said at the end."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def one_line(text: str, limit: int) -> str:
    """The text on one line of at most ``limit`` characters."""
    line = visible(" ".join(text[: 4 * limit].split()))
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def plural(number: int, noun: str, nouns: str = "") -> str:
    """``1 finding``, ``1,960 verdicts``."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def listed(words: Iterable[str]) -> str:
    """``a, b and c``."""
    *most, last = list(words) or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last


def digits(number: float | None) -> str:
    """A number of digits, rounded down to a tenth so that it never promises more; "" for none."""
    if number is None or not math.isfinite(number):
        return ""
    return f"{math.floor(round(number * 10, 6)) / 10:.1f}"


def margin(number: float | None) -> str:
    """A margin with two significant digits; "" for none."""
    if number is None:
        return ""
    return f"{number:.2g}" if math.isfinite(number) else "not finite"


def law(name: str) -> str:
    """A law as it is called in a sentence."""
    return LAWS[name][0] if name in LAWS else name.replace("_", " ")


def what(entries: Sequence[Entry]) -> str:
    """What the entries judge: ``gradient of A and b``, ``value``."""
    arguments: dict[str, dict[str, None]] = {}
    for entry in entries:
        named = arguments.setdefault(entry.law, {})
        if entry.wrt:
            named[entry.wrt] = None
    return "; ".join(
        f"{law(name)} of {listed(sorted(wrt))}" if wrt else law(name)
        for name, wrt in arguments.items()
    )


def share_of(group: Group, summary: Summary) -> str:
    """What the group's verdicts are on, ``everything`` where it is all that was tried there."""
    cell = summary.cell(group.identity, (group.backend, group.route))
    if cell and len(cell.entries) == len(group.entries) > 1:
        return "everything"
    return what(group.entries)


def said(group: Group) -> str:
    """What a finding is about: ``gradient of A in float32, 0.0 of 7.2 digits right``.

    It goes with the worst verdict's word, and speaks of the entries that have this verdict.
    """
    worst = group.worst
    alike = [entry for entry in group.entries if entry.verdict == worst.verdict]
    dtypes = listed(dtype for dtype in group.dtypes if any(e.dtype == dtype for e in alike))
    text = f"{what(alike)} in {dtypes}"
    if digits(worst.digits):
        most = most_digits(worst.dtype)
        of = f" of {digits(most)}" if most else ""
        text += f", {digits(worst.digits)}{of} digits right"
    others = len(group.entries) - len(alike)
    return text + (f"; {plural(others, 'other failure')}" if others else "")


def headline(summary: Summary) -> str:
    """The result in a few words."""
    findings = len(summary.findings)
    if not summary.entries:
        return "Nothing was judged"
    if summary.conforms:
        return f"No failure found{' beyond the known ones' if summary.counts['known'] else ''}"
    if findings:
        backends = sorted({group.backend for group in summary.findings})
        return f"{plural(findings, 'finding')} in {listed(backends)}"
    if not summary.counts["pass"]:
        return "Nothing passed"
    return "No failure found so far, and the record is incomplete"


def sentence(summary: Summary) -> str:
    """What was tried, and how many verdicts of which kind came of it."""
    counts = summary.counts
    if not summary.entries:
        return "The ledger holds no verdict."
    many = len(summary.identities) != 1
    failing = [f"{counts[v]:,} {v}" for v in reversed(FAILURES) if counts[v]]
    parts = [f"{counts['pass']:,} pass"]
    if len(failing) > 1:
        failing = [f"{summary.failures:,} fail ({', '.join(failing)})"]
    parts += failing
    parts += [f"{counts[v]:,} {v}" for v in ("known", "unsupported", "undecided") if counts[v]]
    return (
        f"{plural(len(summary.identities), 'identity', 'identities')} "
        f"{'were' if many else 'was'} tried on {listed(summary.backends)} in "
        f"{listed(summary.dtypes)}. Of {plural(len(summary.entries), 'verdict')}: "
        f"{', '.join(parts)}."
    )


def moment(text: str) -> str:
    """``2026-11-20T10:50:00Z`` as ``20 November 2026, 10:50 UTC``; any other text as it is."""
    try:
        time = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return text
    return f"{time.day} {time:%B %Y, %H:%M} UTC"


def duration(seconds: float) -> str:
    """``41 s``, ``12 min 5 s``, ``2 h 3 min``."""
    if not math.isfinite(seconds):
        return "unknown"
    whole = round(seconds)
    if whole < 60:
        return f"{max(seconds, 0):.2g} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
