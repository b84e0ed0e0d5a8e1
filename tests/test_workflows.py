"""The workflows, done here step by step: their shell by bash, the artifacts as folders.

What stands in for GitHub: expressions are put in as text, pip installs nothing, and a run looks at
little. All else is what a runner would do, and so is the end: green or red.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import gradient_conformance
from gradient_conformance.reports.baseline import baseline
from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.tests.commands.command_line import BROKEN, environment, ledger_lines
from gradient_conformance.tests.reports.synthetic import write
from gradient_conformance.tests.test_documents import CHECKOUT

yaml = pytest.importorskip("yaml", reason="PyYAML reads the workflows")

FOLDER = CHECKOUT / ".github" / "workflows"
PACKAGE = Path(gradient_conformance.__file__).parent

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the workflows are in a checkout only")

COMMAND = """\
#!/bin/sh
if [ "$1" = run ]; then
  set -- "$@" --route native --dtype float64 --law gradient --profile smoke -n 0 $CHOICE
fi
exec {python} -m gradient_conformance "$@"
"""
PIP = """\
#!/bin/sh
echo "$PIP_CONSTRAINT: $@" >> "$PIP_LOG"
"""


class Runner:
    """A machine that does the steps of a job; ``summary`` is what they wrote for people to read."""

    def __init__(self, folder: Path, choice: str = "--identity square") -> None:
        self.folder, self.artifacts = folder, folder / "artifacts"
        self.summary, self.pip = folder / "summary.md", folder / "pip.log"
        self.baseline = folder / "reports" / "baseline" / "ci.txt"
        programs = folder / "programs"
        programs.mkdir(parents=True)
        for name, text in (("gradient-conformance", COMMAND), ("python", PIP)):
            (programs / name).write_text(text.format(python=sys.executable), encoding="utf-8")
            (programs / name).chmod(stat.S_IRWXU)
        here = environment()
        here.pop("PIP_CONSTRAINT", None)  # of the tests' own environment, not of the workflow's
        self.environ = here | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(folder), str(PACKAGE.parent)]),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "PIP_LOG": str(self.pip),
            "CHOICE": choice,
        }

    def job(self, workflow: str, name: str, values: Mapping[str, str]) -> bool:
        """Do every step of a job, as far as it gets; whether all of them succeeded."""
        job = yaml.safe_load(workflow)["jobs"][name]
        given = {k: expanded(str(v), values) for k, v in job.get("env", {}).items()}
        good = True
        for step in job["steps"]:
            if good or step.get("if") == "always()":
                good &= self.step(step, values, given)
        return good

    def step(self, step: Mapping[str, Any], values: Mapping[str, str], env: dict) -> bool:
        """One step; whether it succeeded."""
        with_ = {k: expanded(str(v), values) for k, v in step.get("with", {}).items()}
        action = step.get("uses", "").partition("@")[0]
        if action == "actions/upload-artifact" and (self.folder / with_["path"]).exists():
            shutil.copytree(self.folder / with_["path"], self.artifacts / with_["name"])
        if action == "actions/download-artifact" and self.artifacts.exists():
            shutil.copytree(self.artifacts, self.folder / with_["path"])
        if "run" not in step:
            return action in {
                "actions/checkout", "actions/setup-python", "actions/upload-artifact",
                "actions/download-artifact",
            }  # fmt: skip
        script = self.folder / "step.sh"
        script.write_text(expanded(step["run"], values), encoding="utf-8")
        done = subprocess.run(
            ["bash", "-e", str(script)], cwd=self.folder, env=self.environ | env,
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        return done.returncode == 0


def expanded(text: str, values: Mapping[str, str]) -> str:
    """The text with each expression's value; KeyError for one that is not known here."""
    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda m: values[m[1]], text)


SUITE = "conformance.yml"
PINNED = {"github.event_name == 'schedule' && 'newest' || 'pinned'": "pinned"}
NEWEST = {"github.event_name == 'schedule' && 'newest' || 'pinned'": "newest"}


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artifacts that the jobs of the workflow's matrix leave, each on its own machine."""
    artifacts = tmp_path_factory.mktemp("artifacts")
    names = ("square", "trace", "tanh", "hadamard_product")  # a part has every fourth identity
    choice = f"--backend {BROKEN}:Negated {' '.join(f'--identity {name}' for name in names)}"
    for shard in yaml.safe_load(read(SUITE))["jobs"]["conformance"]["strategy"]["matrix"]["shard"]:
        machine = Runner(tmp_path_factory.mktemp(f"machine{shard}"), choice)
        assert machine.job(read(SUITE), "conformance", PINNED | {"matrix.shard": str(shard)})
        assert machine.pip.read_text(encoding="utf-8").startswith("constraints.txt: -m pip install")
        shutil.copytree(machine.artifacts, artifacts, dirs_exist_ok=True)
    return artifacts


@pytest.fixture
def machine(parts: Path, tmp_path: Path) -> Runner:
    """The machine of the report: the parts are there to be downloaded, the baseline is in place."""
    found = Runner(tmp_path / "report")
    shutil.copytree(parts, found.artifacts)
    found.baseline.parent.mkdir(parents=True)
    ledgers = [read_ledger(path) for path in parts.glob("*/ledger.jsonl")]
    lines = [line for ledger in ledgers for line in baseline(ledger)]
    assert len(lines) > 4
    found.baseline.write_text("\n".join(lines), encoding="utf-8")
    return found


def break_off(folder: Path) -> None:
    """As pytest ends after an error of its own."""
    write(folder / "ledger.jsonl", [line | ({"exit": 3} if line["kind"] == "end" else {})
                                    for line in ledger_lines(folder)])  # fmt: skip


def test_the_parts_are_put_together_and_what_is_in_the_baseline_is_green(machine: Runner) -> None:
    assert machine.job(read(SUITE), "report", PINNED)
    shown = machine.summary.read_text(encoding="utf-8")
    assert shown.startswith("# 4 findings in negated")
    assert "Incomplete" not in shown
    assert shown == (machine.artifacts / "report" / "report.md").read_text(encoding="utf-8")
    assert (machine.artifacts / "report" / "report.html").exists()


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (shutil.rmtree, "Part 2/4 is missing"),
        (break_off, "the run ended with exit code 3"),
    ],
)
def test_a_part_that_is_missing_or_broke_off_is_red(
    harm: Callable[[Path], None], says: str, machine: Runner
) -> None:
    harm(machine.artifacts / "part-2")
    assert not machine.job(read(SUITE), "report", PINNED)
    assert says in machine.summary.read_text(encoding="utf-8")


def test_a_failure_that_is_not_in_the_baseline_is_red(machine: Runner) -> None:
    lines = machine.baseline.read_text(encoding="utf-8").splitlines()
    machine.baseline.write_text("\n".join(lines[1:]), encoding="utf-8")
    assert not machine.job(read(SUITE), "report", PINNED)


def test_without_any_part_it_is_red(machine: Runner) -> None:
    shutil.rmtree(machine.artifacts)
    assert not machine.job(read(SUITE), "report", PINNED)


def test_the_report_is_not_skipped_where_a_part_failed() -> None:
    """GitHub takes a skipped job for a passed one where a branch requires it."""
    report = yaml.safe_load(read(SUITE))["jobs"]["report"]
    assert report["needs"] == "conformance"
    assert report["if"] == "${{ !cancelled() }}"


def test_every_week_the_newest_releases_are_tried(tmp_path: Path) -> None:
    machine = Runner(tmp_path / "machine")
    job = yaml.safe_load(read(SUITE))["jobs"]["conformance"]
    install = next(step for step in job["steps"] if "pip install" in step.get("run", ""))
    (version,) = (expanded(str(v), NEWEST) for v in job["env"].values())
    assert machine.step(install, {}, {"VERSIONS": version})
    assert machine.pip.read_text(encoding="utf-8") == ": -m pip install .[all]\n"


@pytest.mark.parametrize(
    ("backend", "known", "green"),
    [
        (f"{BROKEN}:Negated", "", False),
        (f"{BROKEN}:Negated", "negated native square float64 gradient X wrong", True),
        ("no_such_backend", "", False),
    ],
)
def test_the_workflow_for_adapters(backend: str, known: str, green: bool, tmp_path: Path) -> None:
    machine = Runner(tmp_path / "machine")
    (machine.folder / "baseline.txt").write_text(known, encoding="utf-8")
    values = {
        "inputs.backend": backend, "inputs.profile": "ci", "inputs.install": "my adapter",
        "inputs.baseline": "baseline.txt" if known else "", "inputs.python": "3.12",
        "inputs.suite": "gradient-conformance",
    }  # fmt: skip
    assert machine.job(read("adapter.yml"), "gradients", values) == green
    pip = machine.pip.read_text(encoding="utf-8")
    assert pip == ": -m pip install gradient-conformance my adapter\n"
    tried = backend != "no_such_backend"
    assert (machine.artifacts / "gradients" / "report.html").exists() == tried
    assert (machine.summary.exists() and "square" in machine.summary.read_text()) == tried


def test_the_workflow_of_a_new_backend_shows_what_fails(tmp_path: Path) -> None:
    machine = Runner(tmp_path / "machine")
    template = (PACKAGE / "commands/templates/gradients.yml.jinja").read_text(encoding="utf-8")
    workflow = template.replace("{{ name }}", f"{BROKEN}:Negated")
    assert not machine.job(workflow, "conformance", {})
    assert "square" in machine.summary.read_text(encoding="utf-8")
    assert (machine.artifacts / "report" / "report.html").exists()
