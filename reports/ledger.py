"""The ledger: one JSON object a line, written while the run goes on, and read without trust."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from .fields import integer, plain
from .lines import Accuracy, Convention, End, Entry, Environment

SCHEMA = 1
"""Version of the format: readers take any line of this version or an older one."""

FILE = "ledger.jsonl"


@dataclass(frozen=True)
class Ledger:
    """A run as its ledger tells it.

    ``end`` is None where the run was killed (or still runs); ``problems`` says in words what could
    not be read, with line numbers; ``path`` is the file it was read from.
    """

    environment: Environment = field(default_factory=Environment)
    verdicts: tuple[Entry, ...] = ()
    conventions: tuple[Convention, ...] = ()
    accuracy: tuple[Accuracy, ...] = ()
    end: End | None = None
    problems: list[str] = field(default_factory=list)
    path: Path | None = None


class LedgerWriter:
    """Write a ledger line by line, each flushed at once: a killed run leaves all that it found.

    >>> with LedgerWriter(Path("out/ledger.jsonl"), {"package": "0.1.0", "seed": 0}) as ledger:
    ...     ledger.verdict({"identity": "softmax", "verdict": "pass", ...})
    ...     ledger.end(exit=0, items=350)

    Leaving the block without ``end`` closes the file and writes no end line: the run was killed.
    """

    def __init__(self, path: Path, environment: Mapping[str, Any]) -> None:
        """Open the file anew and write the environment; ``started`` is now, unless it is given.

        Raises ValueError where a field is of the wrong kind, OSError where the file cannot be
        written.
        """
        line = plain({"started": now(), **environment})
        Environment.parse(line)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._clock = time.monotonic()
        self._verdicts = 0
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._write({**line, "kind": "environment", "schema": SCHEMA})

    def verdict(self, fields: Mapping[str, Any]) -> None:
        """Write one verdict. Raises ValueError for one that `read_ledger` would refuse."""
        line = plain(fields)
        Entry.parse(line)
        self._write({**line, "kind": "verdict"})
        self._verdicts += 1

    def convention(self, fields: Mapping[str, Any]) -> None:
        """Write what was returned at a kink or a tie. Raises ValueError as `verdict` does."""
        line = plain(fields)
        Convention.parse(line)
        self._write({**line, "kind": "convention"})

    def accuracy(self, fields: Mapping[str, Any]) -> None:
        """Write how many digits an answer loses. Raises ValueError as `verdict` does."""
        line = plain(fields)
        Accuracy.parse(line)
        self._write({**line, "kind": "accuracy"})

    def end(
        self,
        *,
        exit: int,  # noqa: A002 (the field's name in the ledger)
        interrupted: bool = False,
        items: int | None = None,
    ) -> None:
        """Write the last line, with the seconds since the writer was made, and close the file."""
        self._write(
            {
                "kind": "end",
                "finished": now(),
                "seconds": round(time.monotonic() - self._clock, 3),
                "exit": int(exit),
                "interrupted": interrupted,
                "items": items,
                "verdicts": self._verdicts,
            }
        )
        self.close()

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        self._file.close()

    def __enter__(self) -> LedgerWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, line: Mapping[str, Any]) -> None:
        ordered = {name: line[name] for name in ("kind", "schema") if name in line} | dict(line)
        self._file.write(json.dumps(ordered, ensure_ascii=False, allow_nan=False) + "\n")
        self._file.flush()


def now() -> str:
    """The time in UTC to the second, as ISO 8601: ``2026-11-20T10:50:00Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_ledger(path: Path) -> Ledger:
    """Read a ledger, as much of it as can be read; the rest is told in ``problems``.

    Raises OSError where there is no such file, and ValueError where the ledger is of a newer
    format than this version knows: it may mean something else there.
    """
    content = path.read_bytes()
    rows = content.split(b"\n")
    environment: Environment | None = None
    verdicts: list[Entry] = []
    conventions: list[Convention] = []
    accuracy: list[Accuracy] = []
    end: End | None = None
    problems: list[str] = []
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        try:
            line = _object(row)
        except ValueError as reason:
            cut = number == len(rows)
            problems.append(
                f"line {number} stops in the middle: the run was killed while it wrote the line"
                if cut
                else f"line {number} cannot be read and is left out: {reason}"
            )
            continue
        kind = line.get("kind")
        if kind == "environment":
            _check_schema(line.get("schema"), path)
        if end is not None:
            problems.append(f"line {number} comes after the end of the run")
        try:
            if kind == "environment" and environment is not None:
                raise ValueError("a second run wrote to the same file")
            if kind == "environment":
                integer(line, "schema")
                environment = Environment.parse(line)
            elif kind == "verdict":
                verdicts.append(Entry.parse(line))
            elif kind == "convention":
                conventions.append(Convention.parse(line))
            elif kind == "accuracy":
                accuracy.append(Accuracy.parse(line))
            elif kind == "end":
                end = End.parse(line)
            else:
                raise ValueError(
                    f"its kind is {kind!r}; there are environment, verdict, convention, accuracy "
                    "and end"
                )
        except ValueError as reason:
            problems.append(f"line {number} is left out: {reason}")
    if end is not None and end.verdicts not in (None, len(verdicts)):
        problems.append(
            f"of {end.verdicts:,} verdicts that the run wrote {len(verdicts):,} are here"
        )
    if not content.strip():
        problems.append("the ledger is empty: the run ended before it wrote anything")
    elif environment is None:
        problems.append(
            "the line that describes the run is missing: versions, seed and profile are unknown"
        )
    return Ledger(
        environment or Environment(),
        tuple(verdicts),
        tuple(conventions),
        tuple(accuracy),
        end,
        problems,
        path,
    )


def _object(row: bytes) -> dict[str, Any]:
    """The JSON object of a line. Raises ValueError that says in a few words what it is instead."""
    try:
        line = plain(json.loads(row.decode("utf-8")))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({error.msg}, column {error.colno})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(line, dict):
        raise ValueError(f"it is a JSON {type(line).__name__}, not an object")
    return line


def _check_schema(schema: object, path: Path) -> None:
    if isinstance(schema, int) and schema > SCHEMA:
        raise ValueError(
            f"{path} is written in version {schema} of the ledger format, and this "
            f"gradient-conformance reads versions up to {SCHEMA}: use a newer one"
        )
