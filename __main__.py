"""The command ``gradient-conformance``: run, list, explain."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .commands.explain import explain
from .commands.listing import listing
from .commands.run import run
from .commands.selection import BadChoice
from .implementations.implementation import ROUTES
from .laws import LAW_NAMES
from .laws.strategies import PROFILES
from .oracles.machine import MACHINES

EXAMPLES = """\
examples:
  gradient-conformance run --out report
  gradient-conformance run --backend torch --identity 'softmax*' --dtype float32
  gradient-conformance explain least_squares
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 conforms, 1 does not, 2 bad usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    choice = _parser().parse_args(words)
    try:
        if choice.command == "run":
            return run(choice, words[1:])
        if choice.command == "list":
            return listing(as_json=choice.json)
        return explain(choice.name)
    except BadChoice as reason:
        print(f"gradient-conformance: {reason}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of a pipe had enough
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gradient-conformance",
        description="Check gradients against exact answers, with tolerances that are derived.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    add_run(commands.add_parser("run", help="hold backends to the laws and write the report"))
    names = commands.add_parser("list", help="the identities, one line each")
    names.add_argument("--json", action="store_true", help="everything declared, as JSON")
    one = commands.add_parser("explain", help="one identity in full, with a worked example")
    one.add_argument("name", help="an identity's name, as list gives it")
    return parser


def add_run(parser: argparse.ArgumentParser) -> None:
    """The options of ``run``; pytest knows the same in the checkout."""
    many = {"action": "append", "default": []}
    parser.add_argument("--backend", **many, help="a name or module:Class; default: all installed")
    parser.add_argument("--identity", **many, metavar="GLOB", help="default: all")
    parser.add_argument("--dtype", **many, help=f"{', '.join(MACHINES)}; default: the profile's")
    parser.add_argument("--law", **many, help=f"{', '.join(LAW_NAMES)}; default: all")
    parser.add_argument("--route", **many, help=f"{', '.join(ROUTES)}; default: both")
    parser.add_argument(
        "--profile", default="smoke", help=f"how hard to look: {', '.join(PROFILES)}; default smoke"
    )
    parser.add_argument("--seed", type=int, default=0, help="decides every drawn number; default 0")
    parser.add_argument("--case", help="try this one case (from a report) instead of searching")
    parser.add_argument(
        "--time-limit", type=float, default=20.0, metavar="SECONDS", help="for a case; default 20"
    )
    parser.add_argument("--out", default="report", metavar="DIR", help="default: report")
    parser.add_argument("-n", dest="workers", default="0", metavar="WORKERS", help="default: 0, one")


if __name__ == "__main__":
    sys.exit(main())
