"""The data of the page, packed so that a full run stays below the 2 MB that a page may take."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass

from markupsafe import Markup

from .summary import Summary
from .verdict_data import Amount, verdict_data

_WORST = "the input arrays and the worst entry of what passes"
_INPUTS = f"all input arrays, and {_WORST.partition(' and ')[2]}"

AMOUNTS = {
    Amount(): "",
    Amount(every=False): f"{_WORST}, but for what stands for a cell, are left out",
    Amount(every=False, numbers=0): f"{_INPUTS}, are left out",
    Amount(every=False, numbers=0, text=100): f"{_INPUTS}, and most of each message are left out",
    Amount(every=False, numbers=0, text=100, laws=False): "of each cell only the verdict that "
    "stands for it in a type is here; all other laws, all input arrays and most of each message "
    "are left out",
}
"""What may be told of a run, the most first, and what is left out where that takes less room."""


LARGE = 50_000
"""Verdicts of a run of which a part is packed first."""

TENTH = 10
"""One of so many identities is in that part."""


@dataclass(frozen=True)
class Packed:
    """The data as base64 of a zlib stream of JSON, and in words what is left out of it.

    ``text`` is empty where even the least takes too much room.
    """

    text: Markup
    left_out: str
    amount: Amount


def packed(summary: Summary, room: int) -> Packed:
    """As much of ``verdict_data`` as ``room`` characters hold; base64 has nothing that acts."""
    *_, least = AMOUNTS
    for amount, left_out in AMOUNTS.items():
        if amount != least and _hopeless(summary, amount, room):
            continue
        if len(text := _pack(summary, amount)) <= room:
            return Packed(Markup(text), left_out, amount)
    return Packed(Markup(), "the details of each cell are left out", least)


def _pack(summary: Summary, amount: Amount) -> str:
    data = json.dumps(verdict_data(summary, amount), separators=(",", ":"))
    return base64.b64encode(zlib.compress(data.encode("utf-8", "replace"), 9)).decode()


def _hopeless(summary: Summary, amount: Amount, room: int) -> bool:
    """Whether a tenth of the identities take far more than their share of the room.

    This is asked of large runs only, all of which takes its time to pack.
    """
    few = frozenset(summary.identities[::TENTH])
    if len(summary.entries) < LARGE:
        return False
    part = tuple(entry for entry in summary.entries if entry.identity in few)
    tenth, none = (len(_pack(Summary(summary.ledger, of), amount)) for of in (part, ()))
    return tenth - none > 2 * (room - none) * len(few) / len(summary.identities)
