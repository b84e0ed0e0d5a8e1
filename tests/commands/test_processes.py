"""Several processes compute with one thread each, unless somebody said otherwise."""

from __future__ import annotations

import os

import pytest

from gradient_conformance.commands.processes import one_thread_each


def test_one_thread_where_nothing_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    one_thread_each()
    assert os.environ["OMP_NUM_THREADS"] == "1"
    monkeypatch.delenv("OMP_NUM_THREADS")


def test_what_was_said_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    one_thread_each()
    assert os.environ["OMP_NUM_THREADS"] == "4"
