"""``gradient-conformance run``: exit codes, the ledger, the scripts, interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws import LAWS, NEEDS

from .command_line import BROKEN, command, environment, ledger_lines, verdicts

FIELDS = {
    "kind", "identity", "route", "backend", "dtype", "law", "wrt", "verdict", "digits", "margin",
    "examples", "undecided", "case", "seed", "reproduce",
}  # fmt: skip


@pytest.fixture(scope="module")
def conforming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of the NumPy backend over the whole catalogue."""
    folder = tmp_path_factory.mktemp("conforming")
    done = command("run", "--backend", "numpy", "--out", "out", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out"


def test_a_conforming_run_writes_ledger_and_reports(conforming: Path) -> None:
    lines = ledger_lines(conforming)
    assert lines[0]["kind"] == "environment"
    assert lines[0]["schema"] == 1
    assert lines[0]["backends"][0]["name"] == "numpy"
    assert lines[-1]["kind"] == "end"
    assert lines[-1]["exit"] == 0
    found = verdicts(conforming)
    assert {line["identity"] for line in found} == set(CATALOGUE)
    assert {line["law"] for line in found} == set(LAWS) - set(
        NEEDS
    )  # there is nothing to agree with
    assert all(set(line) >= FIELDS for line in found)
    keys = [
        tuple(line[k] for k in ("identity", "route", "backend", "dtype", "law", "wrt"))
        for line in found
    ]
    assert len(keys) == len(set(keys))
    assert (conforming / "report.html").stat().st_size > 1000
    assert (conforming / "report.md").stat().st_size > 100
    assert not (conforming / "reproduce").exists()


def test_a_run_that_judges_nothing_does_not_conform(tmp_path: Path) -> None:
    """One backend has nothing to agree with."""
    done = command("run", "--backend", "numpy", "--law", "agreement", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr


def test_nothing_old_stands_beside_a_new_ledger(tmp_path: Path) -> None:
    words = ["run", "--identity", "square", "--dtype", "float64", "--law", "gradient"]
    command(*words, "--backend", f"{BROKEN}:Zeros", cwd=tmp_path)
    assert list((tmp_path / "report" / "reproduce").glob("*.py"))
    assert command(*words, "--backend", "numpy", cwd=tmp_path).returncode == 0
    assert not list((tmp_path / "report" / "reproduce").glob("*.py"))


def test_an_adapter_beside_the_caller_is_found(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from gradient_conformance.implementations.numpy import NumPy\n"
        "class Mine(NumPy):\n"
        "    name = 'mine'\n",
        encoding="utf-8",
    )
    script = Path(sys.executable).with_name("gradient-conformance")
    done = subprocess.run(
        [str(script), "run", "--backend", "mine:Mine", "--identity", "square", "-n", "1"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_workers_find_the_same(conforming: Path, tmp_path: Path) -> None:
    done = command("run", "--backend", "numpy", "-n", "2", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr

    def told(directory: Path) -> dict:
        return {
            (v["identity"], v["dtype"], v["law"], v["wrt"]): (v["verdict"], v["margin"], v["case"])
            for v in verdicts(directory)
        }

    assert told(tmp_path / "out") == told(conforming)
    assert ledger_lines(tmp_path / "out")[-1]["exit"] == 0


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess]:
    """The folder of a run that fails, and what the command said."""
    folder = tmp_path_factory.mktemp("failing")
    done = command(
        "run", "--backend", f"{BROKEN}:ScaledByBillionth", "--identity", "least_squares",
        "--identity", "softmax", "--dtype", "float64", "--out", "out", cwd=folder,
    )  # fmt: skip
    return folder, done


def test_a_failing_run_exits_with_1_and_says_what(failing) -> None:
    _, done = failing
    assert done.returncode == 1
    assert "least_squares" in done.stdout
    assert "imprecise" in done.stdout
    assert "gradient-conformance run" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_the_reproduce_line_fails_again(failing) -> None:
    import shlex

    folder, _ = failing
    line = next(v for v in verdicts(folder / "out") if v["verdict"] == "imprecise")
    again = command(*shlex.split(line["reproduce"])[1:], "--out", "again", cwd=folder)
    assert again.returncode == 1, again.stdout + again.stderr
    same = [v for v in verdicts(folder / "again") if v["wrt"] == line["wrt"]]
    assert same[0]["verdict"] == "imprecise"
    assert same[0]["margin"] == line["margin"]
    assert same[0]["examples"] == 1


def test_each_script_shows_its_failure_by_itself(failing) -> None:
    folder, _ = failing
    scripts = sorted((folder / "out" / "reproduce").glob("*.py"))
    failed = [v for v in verdicts(folder / "out") if v["verdict"] in ("imprecise", "wrong")]
    assert len(scripts) == len(failed) > 0
    done = subprocess.run(
        [sys.executable, str(scripts[0])], cwd=folder, capture_output=True, text=True,
        env=environment(), timeout=120,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "expected" in done.stdout
    assert "got" in done.stdout
    assert "imprecise" in done.stdout


def test_a_script_exits_with_0_once_the_failure_is_gone(failing) -> None:
    folder, _ = failing
    text = sorted((folder / "out" / "reproduce").glob("*.py"))[0].read_text(encoding="utf-8")
    mended = folder / "mended.py"
    mended.write_text(text.replace(f"{BROKEN}:ScaledByBillionth", "numpy"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(mended)], cwd=folder, capture_output=True, text=True,
        env=environment(), timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_disagreement_has_a_script_too(tmp_path: Path) -> None:
    words = ["--backend", "numpy", "--backend", f"{BROKEN}:Negated", "--backend", f"{BROKEN}:Zeros"]
    done = command("run", *words, "--identity", "square", "--law", "agreement", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    script = tmp_path / "report" / "reproduce" / "square-zeros-native-float64-agreement-X.py"
    shown = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True,
        env=environment(), timeout=120,
    )  # fmt: skip
    assert shown.returncode == 1, shown.stdout + shown.stderr
    assert "it disagrees with numpy (native), negated (native)" in shown.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--backend", "theano"], "no backend 'theano'. Built in: "),
        (["--backend", "no_such_module:Thing"], "the module 'no_such_module' cannot be imported"),
        (["--backend", "math:pi"], "is not a subclass of gradient_conformance.Backend"),
        (["--backend", "math:tau2"], "'math' has no class 'tau2'"),
        (["--backend", "numpy", "--identity", "sofmax"], "did you mean softmax"),
        (["--backend", "numpy", "--dtype", "float8"], "choose from float64, float32"),
        (["--backend", "numpy", "--law", "speed"], "there is no law 'speed'"),
        (["--backend", "numpy", "--route", "scenic"], "choose from composed, native"),
        (["--backend", "numpy", "--profile", "heroic"], "choose from smoke, ci, thorough"),
        (["--backend", "numpy", "--route", "composed"], "nothing to run"),
        (["--backend", "numpy", "--case", "n=2"], "--case belongs to one identity"),
        (["--backend", "numpy", "--identity", "softmax", "--case", "n=two"], "cannot be read"),
        (["--backend", "numpy", "--identity", "softmax", "--case", "m=2"], "--case: "),
        (["--backend", "numpy", "--time-limit", "0"], "greater than 0"),
        (["--backend", "numpy", "--time-limit", "nan"], "greater than 0"),
        (["--backend", "numpy", "--seed", "-1"], "is negative"),
        (["--backend", ":Thing"], "names no module"),
        (["--backend", "numpy", "-n", "many"], "neither a number of workers nor 'auto'"),
        (["--backend", "numpy", "--out", "/dev/null/report"], "the folder cannot be made"),
        (["--frobnicate"], "unrecognized arguments"),
    ],
)  # fmt: skip
def test_bad_usage_exits_with_2_and_says_what_would_be_right(
    words: list[str], said: str, tmp_path: Path
) -> None:
    done = command("run", *words, cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_one_misbehaving_adapter_does_not_end_the_run(tmp_path: Path) -> None:
    done = command(
        "run", "--backend", f"{BROKEN}:Hanging", "--backend", f"{BROKEN}:Raising", "--backend",
        "numpy", "--identity", "square", "--dtype", "float64", "--time-limit", "0.3",
        "--out", "out", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1
    found = {
        (v["backend"], v["verdict"]) for v in verdicts(tmp_path / "out") if v["law"] == "gradient"
    }
    assert found == {("hanging", "timeout"), ("raising", "error"), ("numpy", "pass")}


@pytest.fixture
def heeding_interrupts() -> Iterator[None]:
    """What is started heeds Ctrl-C, as from a terminal; in the background a shell ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeding_interrupts")
def test_ctrl_c_keeps_what_was_found(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "gradient_conformance", "run", "--backend", "numpy", "--profile",
         "thorough", "--out", "out"],
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    ledger = tmp_path / "out" / "ledger.jsonl"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (
        ledger.exists() and ledger.read_text().count("\n") > 5
    ):
        time.sleep(0.1)
    # Python drops an interrupt that arrives in a callback of its garbage collector (Hypothesis has
    # one), and then a person presses the keys again.
    for _ in range(3):
        os.kill(running.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            running.communicate(timeout=60)
            break
    running.kill()
    running.communicate()
    assert running.returncode == 130
    lines = ledger_lines(tmp_path / "out")
    assert lines[-1]["kind"] == "end"
    assert lines[-1]["interrupted"] is True
    assert len(verdicts(tmp_path / "out")) > 4
    assert "interrupted" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8").lower()


def test_a_killed_worker_leaves_a_crash_and_the_rest(tmp_path: Path) -> None:
    (tmp_path / "dying.py").write_text(
        "import os\n"
        "from gradient_conformance.implementations.numpy import NumPy\n"
        "class Dying(NumPy):\n"
        "    name = 'dying'\n"
        "    def vjp(self, function, arguments, wrt, ybar):\n"
        "        if 'W' in arguments:\n"
        "            os._exit(3)\n"
        "        return super().vjp(function, arguments, wrt, ybar)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "gradient_conformance", "run", "--backend", "dying:Dying",
         "--identity", "square", "--identity", "matrix_product", "--dtype", "float64",
         "-n", "1", "--out", "out"],
        cwd=tmp_path, env={**environment(), "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    found = {(v["identity"], v["verdict"]) for v in verdicts(tmp_path / "out")}
    assert ("matrix_product", "crash") in found
    assert ("square", "pass") in found


def test_one_that_ends_or_hangs_the_process_is_told_of_with_its_case(tmp_path: Path) -> None:
    """Without -n: the adapter says that it needs a process of its own."""
    (tmp_path / "deadly.py").write_text(
        "import ctypes, os, signal\n"
        "from gradient_conformance.implementations.numpy import NumPy\n"
        "class Deadly(NumPy):\n"
        "    name = 'deadly'\n"
        "    own_process = True\n"
        "    def vjp(self, function, arguments, wrt, ybar):\n"
        "        if 'W' in arguments:\n"
        "            os.abort()\n"
        "        if 'A' in arguments:\n"
        "            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n"
        "            ctypes.PyDLL(None).sleep(1000)\n"  # no other thread of Python runs
        "        return super().vjp(function, arguments, wrt, ybar)\n",
        encoding="utf-8",
    )
    done = command(
        "run", "--backend", "deadly:Deadly", "--identity", "matrix_product", "--identity",
        "quadratic_form", "--identity", "square", "--dtype", "float64", "--time-limit", "0.5",
        "--out", "out", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Fatal Python error" not in done.stdout + done.stderr
    found = {v["identity"]: v for v in verdicts(tmp_path / "out") if v["verdict"] != "unsupported"}
    assert found["square"]["verdict"] == "pass"
    crash, hang = found["matrix_product"], found["quadratic_form"]
    assert (crash["verdict"], hang["verdict"]) == ("crash", "timeout")
    assert crash["message"].startswith("the process died; the cases and laws that were to follow")
    assert hang["message"].startswith("no answer within 0.5 s, and no interrupt reached the call")
    assert crash["case"].startswith("k=1 n=1 m=1 ")
    assert f"--case '{crash['case']}'" in crash["reproduce"]
    assert hang["case"].startswith("n=1 ")


def test_a_run_without_a_backend_names_what_is_missing(tmp_path: Path) -> None:
    """A module called jax that cannot be imported stands for JAX not being installed."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nsys.modules['jax'] = None\nsys.modules['torch'] = None\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "gradient_conformance", "run", "--identity", "square", "--out",
         "out"],
        cwd=tmp_path, env={**environment(), "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "without jax: backend 'jax' needs jax" in done.stderr
    assert set(ledger_lines(tmp_path / "out")[0]["missing"]) == {"jax", "torch"}
    assert "jax" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
