"""The pages in a browser: what is in the address is shown, and nothing is complained about.

They need chromium, and are skipped without it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .pages import folder

__all__ = ["folder"]

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")


def shown(page: Path, query: str, profile: Path) -> str:
    """The document as the browser has it, once the scripts have run."""
    assert CHROMIUM is not None
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
         "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom",
         f"{page.as_uri()}{query}"],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr, done.stderr
    return done.stdout


def rows(document: str) -> dict[str, bool]:
    """The identities of the matrix, and whether each is seen."""
    found = re.findall(r'<tr( hidden="")?><th scope="row" id="identity-\d+">(.*?)</th>', document)
    return {re.sub(r"<[^>]+>", "", name): not hidden for hidden, name in found}


def test_without_words_every_identity_is_shown(folder: Path, tmp_path: Path) -> None:
    found = rows(shown(folder / "report.html", "", tmp_path))
    assert len(found) > 20
    assert all(found.values())


def test_words_in_the_address_are_a_view(folder: Path, tmp_path: Path) -> None:
    document = shown(folder / "report.html", "?q=softmax&type=float32", tmp_path)
    found = rows(document)
    seen = {name for name, is_seen in found.items() if is_seen}
    assert {"softmax", "log_softmax", "logsumexp"} <= seen  # the family is called so
    assert "gelu" not in seen
    assert f">{len(seen)} of {len(found)}<" in document
    assert "Each cell shows float32." in document


def test_words_find_verdicts(folder: Path, tmp_path: Path) -> None:
    found = rows(shown(folder / "report.html", "?q=wrong", tmp_path))
    assert 0 < sum(found.values()) < len(found)


def test_the_findings_by_cause(folder: Path, tmp_path: Path) -> None:
    document = shown(folder / "findings.html", "?q=jax+gelu", tmp_path)
    articles = re.findall(r'<article id="[-\w]+"( hidden="")?>\s*<h3>(.*?)</h3>', document)
    assert [says for hidden, says in articles if not hidden] == ["gelu is imprecise"]
    assert f">1 of {len(articles)}<" in document
    sections = re.findall(r'<section aria-labelledby="framework-\d"( hidden="")?>', document)
    assert sorted(sections) == ["", ' hidden=""']


def test_the_catalogue(folder: Path, tmp_path: Path) -> None:
    document = shown(folder / "catalogue.html", "?q=determinant+cofactors", tmp_path)
    hidden = len(re.findall(r'<article id="\w+" hidden="">', document))
    total = len(re.findall(r"<article ", document))
    assert 0 < total - hidden < 6
    assert f">{total - hidden} of {total}<" in document
    links = re.findall(r'<a href="#[-\w]+"( hidden="")?>', document[: document.index("<main>")])
    assert 0 < links.count("") < len(links), "of the families only those that are seen"
