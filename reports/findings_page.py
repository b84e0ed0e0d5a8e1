"""``reports/FINDINGS.md``: what was found in frameworks, each shown by a script of its own.

    python -m gradient_conformance.reports.findings_page reports [FRAMEWORK …]

runs the scripts in ``reports/findings``, or those of some frameworks, and writes the page, or their
part of it, from what they print. A script uses
nothing but the framework; its first line says framework, version and cause, and it ends with
status 0 where the defect shows.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

NAMES = {
    "autograd": "HIPS autograd",
    "jax": "JAX",
    "mlx": "MLX",
    "paddle": "PaddlePaddle",
    "tensorflow": "TensorFlow",
    "tinygrad": "tinygrad",
    "torch": "PyTorch",
}
"""Frameworks as people call them, by the first word of a script's name."""

SECONDS = 300.0
HEAD = """\
# Findings

Gradients, and values, that a released framework gets wrong, found by this suite. Each is shown by
a script of its own that uses the framework alone: run it, and it prints what is expected and what
comes out. Its exit status is 0 where the defect shows. `implementations/*.toml` has the same as
records, with the input on which each is replayed in every run.

This page is made from what the scripts print:

    python -m gradient_conformance.reports.findings_page reports
"""


@dataclass(frozen=True)
class Finding:
    """What a script says of itself: framework with version, cause, the upstream thread if any."""

    script: str
    framework: str
    version: str
    cause: str
    upstream: str
    expected: str = ""
    got: str = ""
    shows: bool = False


class BadScript(ValueError):
    """A script that is not in the form of the others; the message says what is missing."""


def read_script(path: Path) -> Finding:
    """What a script's first lines say. Raises BadScript."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = re.match(
        r"(?P<name>.+?) (?P<version>\d[\w.+]*): (?P<cause>.+?)\n\n", f"{said}\n\n", re.S
    )
    upstream = re.search(r"^upstream: (\S.*)$", said, re.M)
    framework = path.stem.partition("_")[0]
    if first is None or upstream is None or first["name"] != NAMES.get(framework):
        raise BadScript(
            f"{path.name}: its docstring begins with 'FRAMEWORK VERSION: cause.' (the framework "
            "that its name begins with), and has a line 'upstream: URL' or 'upstream: none found'"
        )
    cause = " ".join(first["cause"].split())
    return Finding(path.name, framework, first["version"], cause, upstream[1])


def run_script(path: Path) -> Finding:
    """What a script says and prints, run in a process of its own. Raises BadScript."""
    done = subprocess.run(
        [sys.executable, str(path)],
        capture_output=True, text=True, timeout=SECONDS, check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    printed = dict(re.findall(r"^(expected|got)\s+(.+)$", done.stdout, re.M))
    if done.returncode not in (0, 1) or set(printed) != {"expected", "got"}:
        raise BadScript(
            f"{path.name} ended with status {done.returncode} and printed {done.stdout!r}; it must "
            f"print a line 'expected …' and a line 'got …': {done.stderr[-500:]}"
        )
    said = read_script(path)
    numbers: dict[str, Any] = {key: text.strip() for key, text in printed.items()}
    return replace(said, **numbers, shows=done.returncode == 0)


def page(findings: list[Finding], before: str = "") -> str:
    """The page, by framework; of those that are not among the findings, as it was ``before``."""
    parts = dict(re.findall(r"^## (.+)\n\n((?:.+\n)+)", before, re.M))
    for framework in sorted({f.framework for f in findings}):
        own = [f for f in findings if f.framework == framework]
        versions = ", ".join(sorted({f.version for f in own}))
        for title in [t for t in parts if t.startswith(f"{NAMES[framework]} ")]:
            del parts[title]
        lines = []
        for f in own:
            thread = f"[thread]({f.upstream})" if f.upstream.startswith("http") else f.upstream
            here = "" if f.shows else " It did not show on the machine that made this page."
            lines.append(
                f"* {f.cause}{here}  \n  expected `{f.expected}`, got `{f.got}` · "
                f"[{f.script}](findings/{f.script}) · upstream: {thread}\n"
            )
        parts[f"{NAMES[framework]} {versions}"] = "".join(lines)
    ordered = sorted(parts.items(), key=lambda part: part[0].lower())
    return "\n".join([HEAD, *(f"## {title}\n\n{text}" for title, text in ordered)])


def main() -> int:
    """Write the page of the folder on the command line; 1 where a script is not as it must be."""
    folder, frameworks = Path(sys.argv[1]), sys.argv[2:] or ["*"]
    findings = []
    try:
        for path in sorted(p for f in frameworks for p in (folder / "findings").glob(f"{f}_*.py")):
            print(path.name, flush=True)
            findings.append(run_script(path))
    except BadScript as reason:
        print(reason, file=sys.stderr)
        return 1
    whole = folder / "FINDINGS.md"
    before = whole.read_text(encoding="utf-8") if whole.exists() else ""
    whole.write_text(page(findings, before), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
