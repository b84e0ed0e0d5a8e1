"""A script for each failure, that shows it by itself: NumPy, the backend and this package."""

from __future__ import annotations

import pprint
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..implementations.declared import path_of

TEMPLATE = """\
{title}
#
{message}
#
# Run it with Python where NumPy, the backend and gradient-conformance are installed. It exits with
# 1 while the failure is there, and with 0 when it is gone.

import sys
{path}
from numpy import array, inf, nan  # noqa: F401

from gradient_conformance.commands.replay import replay

arguments = {arguments}
ybar = {ybar}

sys.exit(
    replay(
        backend={backend!r},
        route={route!r},
        identity={identity!r},
        dtype={dtype!r},
        law={law!r},
        wrt={wrt!r},
        case={case!r},
        arguments=arguments,
        ybar=ybar,{others}
    )
)
"""


def write_script(path: Path, row: Mapping[str, Any], backend: str) -> None:
    """Write the script for a failing row; ``backend`` as it was named on the command line.

    Raises OSError where it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script(row, backend), encoding="utf-8")


def script(row: Mapping[str, Any], backend: str) -> str:
    """The script's text; the arrays stand in it with every digit."""
    what = f"{row['law']}{' for ' + row['wrt'] if row['wrt'] else ''}"
    title = (
        f"{row['identity']} on {row['backend']} ({row['route']}, {row['dtype']}): "
        f"{what} is {row['verdict']}"
    )
    shown = row["shown"]
    arguments = ", ".join(f"{k!r}: {_array(x)}" for k, x in shown["arguments"].items())
    return TEMPLATE.format(
        title=_comment(title),
        message=_comment(row["message"]),
        arguments=f"{{{arguments}}}",
        ybar=_array(shown["ybar"]),
        backend=backend,
        path=f"\nsys.path.insert(0, {str(Path.cwd())!r})\n" if ":" in path_of(backend) else "",
        others=f"\n        others={shown['all']!r}," if "all" in shown else "",
        **{k: row[k] for k in ("route", "identity", "dtype", "law", "wrt", "case")},
    )


def _array(numbers: Any) -> str:
    text = pprint.pformat(numbers, width=88, compact=True)
    return f"array({text})"


def _comment(text: str) -> str:
    """Every line a comment: a message is untrusted text and must not become code."""
    return "\n".join(f"# {line}" for line in text.splitlines()) or "#"
