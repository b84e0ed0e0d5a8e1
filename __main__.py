"""The command ``gradient-conformance``: what its words do stands in ``commands``."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .commands.baseline import write_or_compare
from .commands.check import check
from .commands.diff import FORMATS, diff
from .commands.explain import explain
from .commands.known import known
from .commands.listing import listing
from .commands.merge import merge
from .commands.new_backend import new_backend
from .commands.options import add_options
from .commands.rules import list_rules
from .commands.run import run
from .commands.selection import BadChoice
from .commands.trend import trend
from .reports.wording import visible

EXAMPLES = """\
examples:
  gradient-conformance run --out report
  gradient-conformance run --backend torch --identity 'softmax*' --dtype float32
  gradient-conformance explain least_squares
  gradient-conformance list --rules --ledger report/ledger.jsonl
  gradient-conformance known --from report/ledger.jsonl --backend torch
  gradient-conformance teeth --backend torch --identity softmax
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 conforms, 1 does not, 2 bad usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may not have σ
    choice = _parser().parse_args(arguments)
    sys.path.insert(0, str(Path.cwd()))  # --backend module:Class finds a module that lies here
    try:
        if choice.command == "run":
            return run(choice)
        if choice.command == "list":
            if choice.rules:
                return list_rules(as_json=choice.json, ledger=choice.ledger)
            if choice.ledger is not None:
                raise BadChoice("--ledger goes with --rules: gradient-conformance list --rules")
            return listing(as_json=choice.json)
        if choice.command == "teeth":
            return _teeth(choice)
        if choice.command == "check":
            return check(choice.backend)
        if choice.command == "new-backend":
            return new_backend(choice.name, choice.out)
        if choice.command == "diff":
            return diff(choice.old, choice.new, choice.format)
        if choice.command == "trend":
            return trend(choice.runs, choice.format)
        if choice.command == "baseline":
            return write_or_compare(choice.ledger, choice.against)
        if choice.command == "merge":
            return merge(choice.parts, choice.out)
        if choice.command == "known":
            return known(choice.ledger, choice.backend)
        return explain(choice.name)
    except BadChoice as reason:
        print(visible(f"gradient-conformance: {reason}"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("gradient-conformance: interrupted", file=sys.stderr)
        return 130
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
    run_parser = commands.add_parser("run", help="hold backends to the laws, write the report")
    add_options(run_parser.add_argument, out="report")
    run_parser.add_argument(
        "-n", dest="workers", default="0", metavar="WORKERS", help="processes at work; default 0"
    )
    run_parser.add_argument(
        "--junit", type=Path, metavar="FILE", help="write a JUnit XML file, for CI that reads it"
    )
    names = commands.add_parser("list", help="the identities, or the rules")
    names.add_argument("--json", action="store_true", help="everything declared, as JSON")
    names.add_argument(
        "--rules", action="store_true", help="every documented rule, and what encodes it"
    )
    names.add_argument(
        "--ledger", type=Path, metavar="FILE", help="with --rules: how each did in this run"
    )
    one = commands.add_parser("explain", help="one identity in full, with a worked example")
    one.add_argument("name", help="an identity's name, as list gives it")
    adapter = commands.add_parser("check", help="an adapter by itself: does it keep the protocol?")
    adapter.add_argument("backend", help="a backend, as run takes it")
    new = commands.add_parser("new-backend", help="write an adapter to begin with, and its test")
    new.add_argument("name", help="what it is called in commands and reports")
    new.add_argument("--out", type=Path, metavar="DIR", help="default: gradient-conformance-NAME")
    records = commands.add_parser("known", help="draft records of known deviations from a ledger")
    records.add_argument(
        "--from", dest="ledger", type=Path, required=True, metavar="FILE", help="a run's ledger"
    )
    records.add_argument("--backend", metavar="NAME", help="one backend; default: all of the run")
    two = commands.add_parser("diff", help="what changed from one run to another")
    two.add_argument("old", type=Path, help="a ledger, or the folder of a report")
    two.add_argument("new", type=Path, help="the same, of a later run")
    two.add_argument("--format", choices=sorted(FORMATS), default="text", help="default: text")
    several = commands.add_parser(
        "trend",
        help="what became of each verdict over several runs",
        epilog="It exits with 1 where the last run fails what an earlier one did not, or has no "
        "answer where an earlier one passed; with 0 where not, also where something failed in "
        "between; with 2 where a ledger cannot be read.",
    )
    several.add_argument(
        "runs", type=Path, nargs="+", metavar="RUN",
        help="a ledger, or the folder of a report; the oldest first",
    )  # fmt: skip
    several.add_argument("--format", choices=sorted(FORMATS), default="text", help="default: text")
    base = commands.add_parser("baseline", help="what fails in a run, as text to commit")
    base.add_argument("ledger", type=Path, help="a ledger, or the folder of a report")
    base.add_argument(
        "--against", type=Path, metavar="FILE", help="fail only on what is not in this baseline"
    )
    whole = commands.add_parser("merge", help="put the parts of a run together (run --shard)")
    whole.add_argument("parts", type=Path, nargs="+", metavar="PART", help="ledgers, or folders")
    whole.add_argument("--out", type=Path, default=Path("report"), metavar="DIR")
    _add_teeth(commands.add_parser("teeth", help="put faults over backends: which law kills which"))
    return parser


def _teeth(choice: argparse.Namespace) -> int:
    from .commands.sensitivity import measure
    from .commands.teeth import list_faults, teeth

    if choice.list:
        return list_faults()
    return teeth(choice) if choice.sensitivity is None else measure(choice)


def _add_teeth(parser: argparse.ArgumentParser) -> None:
    def many(flag: str, text: str, **how: Any) -> None:
        parser.add_argument(flag, action="append", default=[], help=f"{text} (repeatable)", **how)

    parser.add_argument("--list", action="store_true", help="name the faults, and stop")
    many("--fault", "faults to try; default: all", metavar="GLOB")
    many("--identity", "default: all", metavar="GLOB")
    many("--backend", "as for run", metavar="NAME")
    many("--dtype", "default: float64 and float32", metavar="TYPE")
    many("--route", "default: both", metavar="ROUTE")
    many("--seed", "default: 0, 1 and 2", type=int, metavar="N")
    parser.add_argument(
        "--sensitivity",
        type=int,
        metavar="RUNS",
        help="measure how small an error so many runs find",
    )
    parser.add_argument("--profile", default="ci", help="how hard to look; default ci")
    parser.add_argument("--out", default="report", metavar="DIR", help="folder for teeth.json")
    parser.add_argument(
        "-n", dest="workers", default="0", metavar="WORKERS", help="processes at work; default 0"
    )


if __name__ == "__main__":
    sys.exit(main())
