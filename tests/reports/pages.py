"""The HTML page of a ledger, parsed for the tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports.html import render
from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.reports.views import write_views
from gradient_conformance.tests.reports.synthetic import full_size, write

VOID = {"meta", "br", "input", "wbr"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a full run, written once for a file of tests."""
    folder = tmp_path_factory.mktemp("pages")
    write(folder / "ledger.jsonl", full_size())
    write_views(folder)
    return folder


class Page(HTMLParser):
    """Tags in order with their attributes and the text; every tag must be closed by its own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"</{tag}> within {self.open}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.tags if name == tag)


def page(folder: Path, *lines: Any) -> Page:
    return Page(render(read_ledger(write(folder / "ledger.jsonl", lines))))
