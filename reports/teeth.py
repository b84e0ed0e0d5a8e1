"""The kill matrix: ``teeth.json``, read without trust, and its views: a page, and a few lines."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import teeth_markdown, teeth_page
from .fields import plain
from .teeth_lines import HOLES, Teeth
from .teeth_summary import Summary
from .teeth_wording import detail, headline, sentence, symbol
from .wording import one_line
from .writing import write_whole

SCHEMA = 1
"""Version of the format: the reader takes files of this version and of older ones."""

FILE = "teeth.json"
PAGE = "teeth.html"
VIEWS = {"teeth.md": teeth_markdown.render, PAGE: teeth_page.render}
HOLES_SHOWN = 40
WIDTH = 79


def head() -> dict[str, Any]:
    """What the file begins with."""
    return {"kind": "teeth", "schema": SCHEMA}


def failing(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows that nothing killed and no reason explains, and the false alarms."""
    return [
        *(row for row in result["rows"] if row["outcome"] in HOLES),
        *result["controls"],
    ]


def write_teeth(directory: Path, result: Mapping[str, Any]) -> str:
    """Write ``teeth.json`` and the views beside it; returns what to print.

    Raises OSError where the directory cannot be written, and ValueError as `read_teeth` does.
    """
    directory.mkdir(parents=True, exist_ok=True)
    text = json.dumps(plain(result), ensure_ascii=False, separators=(",", ":"))
    write_whole(directory / FILE, text)
    return f"{_lines(write_teeth_views(directory))}\n\nthe page: {directory / PAGE}"


def measured_before(directory: Path) -> dict[str, Any]:
    """What of a ``teeth.json`` in the directory a new hunt leaves as it is: the sensitivity.

    Nothing where there is no such file, or none that can be read.
    """
    try:
        read_teeth(directory / FILE)
        found = json.loads((directory / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: found[name] for name in ("sensitivity", "sensitivity_of") if name in found}


def write_teeth_views(directory: Path) -> Teeth:
    """Read ``directory/teeth.json`` and write every view beside it, each as a whole or not at all.

    Raises what `read_teeth` raises, and OSError where the directory cannot be written.
    """
    teeth = read_teeth(directory / FILE)
    for name, render in VIEWS.items():
        write_whole(directory / name, render(teeth))
    return teeth


def write_sensitivity(
    file: Path,
    fresh: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    about: Mapping[str, Any],
) -> str:
    """Put the measured sensitivities into a file of a hunt, or into a fresh one.

    Returns what to print. Raises ValueError where the file is there and cannot be read.
    """
    found = dict(fresh)
    if file.is_file():
        read_teeth(file)
        found = dict(_checked(file.read_bytes()))
    found["sensitivity"] = list(rows)
    found["sensitivity_of"] = dict(about)
    write_teeth(file.parent, found)
    return sensitivity_summary(rows, about)


def sensitivity_summary(rows: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> str:
    """By type the median and the largest error that is found, and how many identities have none."""
    lines = [f"The smallest relative error that 99 of 100 runs find ({about['profile']} profile):"]
    for dtype in dict.fromkeys(row["dtype"] for row in rows):
        for kind in ("whole", "entry"):
            values = [row[kind] for row in rows if row["dtype"] == dtype]
            seen = sorted(v for v in values if v is not None)
            what = "a whole gradient" if kind == "whole" else "one entry"
            text = f"  {dtype:9} {what:17}"
            if seen:
                text += f" median {seen[len(seen) // 2]:.1e}, largest {seen[-1]:.1e}"
            none = len(values) - len(seen)
            lines.append(text + (f"; none for {none} of {len(values)} identities" if none else ""))
    return "\n".join(lines)


def read_teeth(path: Path) -> Teeth:
    """Read a ``teeth.json``; of a hunt that was cut short what it found, with ``complete`` false.

    Raises OSError where there is no such file, and ValueError that says what is wrong where it is
    of a newer format than this version knows, is no such file, or is damaged.
    """
    try:
        return Teeth.parse(_checked(path.read_bytes()))
    except ValueError as reason:
        raise ValueError(f"{path} cannot be read: {reason}") from None


def summary(result: Mapping[str, Any]) -> str:
    """The result in a few lines of fewer than 80 columns, for a terminal. Raises ValueError."""
    return _lines(Teeth.parse(_checked_kind(plain(result))))


def _lines(teeth: Teeth) -> str:
    found = Summary(teeth)
    lines = [headline(found), ""]
    lines += _wrapped(one_line(sentence(found), 2000))
    for doubt in found.doubts:
        lines += _wrapped(f"Incomplete: {doubt}")
    if found.holes:
        lines.append("")
    for hole in found.holes[:HOLES_SHOWN]:
        fault = one_line(hole.fault, 100) or "no fault"
        said = f"{hole.outcome}: {fault} on {one_line(hole.identity, 100)}"
        lines += _wrapped(f"{symbol(hole.outcome)} {said}", "  ")
        lines += _wrapped(f"    {one_line(detail(hole), 300)}", "    ")
    if more := len(found.holes[HOLES_SHOWN:]):
        lines.append(f"and {more:,} more, in {PAGE}")
    return "\n".join(lines)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent)


def _checked(content: bytes) -> Mapping[str, Any]:
    """The JSON object. Raises ValueError that says in a few words what it is instead."""
    if not content.strip():
        raise ValueError("it is empty")
    try:
        line = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        cut = error.pos >= len(content.decode("utf-8").rstrip())
        where = "it stops in the middle" if cut else f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"it is not JSON ({error.msg}; {where})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return _checked_kind(plain(line))


def _checked_kind(line: object) -> Mapping[str, Any]:
    if not isinstance(line, Mapping):
        raise ValueError(f"it is a JSON {type(line).__name__}, not an object")
    if line.get("kind") != "teeth":
        raise ValueError(f"its kind is {line.get('kind')!r}, not 'teeth'")
    schema = line.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool):
        raise ValueError(f"its schema is {schema!r}, not a whole number")
    if schema > SCHEMA:
        raise ValueError(
            f"it is written in version {schema} of the format, and this gradient-conformance "
            f"reads versions up to {SCHEMA}: use a newer one"
        )
    return line
