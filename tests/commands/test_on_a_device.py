"""``--device`` and ``NAME@DEVICE`` from the command line to the script that shows a failure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .command_line import BROKEN, command, environment, ledger_lines, verdicts

ADAPTER = f"{BROKEN}:OffOnTheSecond"
WORDS = ["--identity", "squared_norm", "--dtype", "float64", "--law", "gradient"]


def test_a_failure_on_one_of_two_devices(tmp_path: Path) -> None:
    devices = ["--device", "toy:0", "--device", "toy:1"]
    done = command("run", "--backend", ADAPTER, *devices, *WORDS, "--out", "out", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    found = {line["backend"]: line for line in verdicts(tmp_path / "out")}
    assert {name: line["verdict"] for name, line in found.items()} == {
        "off@toy:0": "pass",
        "off@toy:1": "wrong",
    }
    ran = ledger_lines(tmp_path / "out")[0]
    assert [(b["name"], b["device"]) for b in ran["backends"]] == [
        ("off@toy:0", "toy:0"),
        ("off@toy:1", "toy:1"),
    ]
    assert f"--backend {ADAPTER}@toy:1" in found["off@toy:1"]["reproduce"]
    (script,) = (tmp_path / "out" / "reproduce").glob("*.py")
    assert script.name == "squared_norm-off-toy1-native-float64-gradient-x.py"
    shown = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, env=environment()
    )
    assert "off@toy:1" in shown.stdout + shown.stderr
    assert shown.returncode == 1, shown.stdout + shown.stderr


def test_a_device_that_is_not_there_is_an_error_of_the_call(tmp_path: Path) -> None:
    done = command("run", "--backend", f"{ADAPTER}@toy:7", *WORDS, "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "no device 'toy:7' on this machine; it has toy:0, toy:1" in done.stderr
    assert "Traceback" not in done.stderr
