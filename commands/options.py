"""The options of a run: the same for the command and for pytest in the checkout."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..identities import CATALOGUE
from ..implementations.implementation import ROUTES
from ..implementations.loading import BUILT_IN
from ..laws import LAW_NAMES
from ..laws.strategies import PROFILES
from ..oracles.machine import MACHINES
from .selection import Selection, select


def add_options(add: Callable[..., Any], out: str | None) -> None:
    """Declare them through ``add``, argparse's add_argument or pytest's addoption.

    ``out`` is the folder for the reports where none is named; None writes no reports.
    """

    def many(flag: str, text: str, metavar: str | None = None) -> None:
        add(flag, action="append", default=[], metavar=metavar, help=f"{text} (repeatable)")

    many(
        "--backend",
        f"{', '.join(BUILT_IN)}, an entry point or module:Class; default: jax, numpy and torch, "
        "in profile thorough every path through their code but torch_inductor, which takes hours",
        "NAME",
    )
    many(
        "--device",
        "where a backend has a choice: cpu, cuda, cuda:1 and so on; --backend NAME@DEVICE asks one "
        "backend; default: the framework's usual one",
        "DEVICE",
    )
    many("--identity", f"of {len(CATALOGUE)}; default: all", "GLOB")
    many("--dtype", f"{', '.join(MACHINES)}; default: the profile's", "TYPE")
    many("--law", f"{', '.join(LAW_NAMES)}; default: the profile's", "LAW")
    many("--route", f"{', '.join(ROUTES)}; default: both", "ROUTE")
    add("--profile", default="smoke", help=f"how hard to look: {', '.join(PROFILES)}")
    add(
        "--every-input", action="store_true",
        help="element-wise functions: all inputs of the 16-bit types too, as in profile thorough",
    )  # fmt: skip
    add(
        "--accuracy", type=int, default=None, metavar="N",
        help="measure the digits lost, on the fixed cases and N drawn ones; 0 for none; default: "
        "the profile's",
    )  # fmt: skip
    add("--seed", type=int, default=0, help="decides every drawn number; default 0")
    add("--case", default=None, help="try this one case, from a report, instead of searching")
    add(
        "--time-limit", type=float, default=20.0, metavar="SECONDS",
        help="what one call of a backend may take; default 20",
    )  # fmt: skip
    add(
        "--shard", default=None, metavar="K/N", help="the K-th of N parts; merge puts them together"
    )
    add("--out", default=out, metavar="DIR", help="folder for the ledger and the reports")


def selection_of(value: Callable[[str], Any]) -> Selection:
    """The checked choice, from ``value(name)`` of each option. Raises BadChoice."""
    return select(
        backends=value("backend"),
        identities=value("identity"),
        dtypes=value("dtype"),
        laws=value("law"),
        routes=value("route"),
        profile=value("profile"),
        seed=value("seed"),
        seconds=value("time_limit"),
        case=value("case"),
        every_input=value("every_input"),
        accuracy=value("accuracy"),
        shard=value("shard"),
        devices=value("device"),
    )
