"""The README and CONTRIBUTING do as they say: their recipes are run as they are written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import gradient_conformance
from gradient_conformance.implementations.protocol import PROTOCOL, Backend
from gradient_conformance.laws.verdicts import FAILURES, OUTCOMES
from gradient_conformance.tests.commands.command_line import environment, verdicts

PACKAGE = Path(gradient_conformance.__file__).parent
CHECKOUT = Path(os.environ.get("GRADIENT_CONFORMANCE_CHECKOUT", Path(__file__).parent.parent))

pytestmark = pytest.mark.skipif(
    not (CHECKOUT / "CONTRIBUTING.md").exists(), reason="the documents are in a checkout only"
)


def code_blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of a document in one language."""
    text = (CHECKOUT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def indented_lines(document: str, start: str) -> list[str]:
    """The indented lines of a document that begin with a word."""
    text = (CHECKOUT / document).read_text(encoding="utf-8")
    return re.findall(rf"^    ({re.escape(start)} .*)$", text, re.MULTILINE)


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python with the folder first on the path, then the package that is being tested."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**environment(), "PYTHONPATH": os.pathsep.join([str(folder), str(PACKAGE.parent)])},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_recipe_for_an_identity(tmp_path: Path) -> None:
    """On a copy of the package: one new file, and the identity is explained, proved and tried."""
    copy = tmp_path / "gradient_conformance"
    shutil.copytree(
        PACKAGE, copy, ignore=shutil.ignore_patterns(".*", "report", "build", "*.egg-info")
    )
    recipe = code_blocks("CONTRIBUTING.md", "python")[0]
    (copy / "identities" / "cubes.py").write_text(recipe, encoding="utf-8")
    commands = [
        c for c in indented_lines("CONTRIBUTING.md", "gradient-conformance") if "cubes" in c
    ]
    assert len(commands) == 2
    for command in commands:
        words = command.split()[1:]
        limits = ["--backend", "numpy", "--backend", "torch"] if words[0] == "run" else []
        done = run(["-m", "gradient_conformance", *words, *limits], tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    found = {(v["backend"], v["route"], v["verdict"]) for v in verdicts(tmp_path / "report")}
    assert ("torch", "composed", "pass") in found
    assert ("numpy", "native", "unsupported") in found
    proofs = ["-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={copy}", "-c"]
    proved = run(
        [*proofs, str(copy / "pytest.ini"), str(copy / "tests/identities"), "-k", "sum_of_cubes"],
        tmp_path,
    )
    assert proved.returncode == 0, proved.stdout + proved.stderr
    assert " passed" in proved.stdout


def test_the_recipe_for_a_fault(tmp_path: Path) -> None:
    command = next(
        c for c in indented_lines("CONTRIBUTING.md", "gradient-conformance") if "teeth" in c
    )
    words = [*command.split()[1:], "--backend", "numpy", "--identity", "softmax", "--seed", "0"]
    script = tmp_path / "tripled.py"
    script.write_text(
        "from gradient_conformance.__main__ import main\n"
        "from gradient_conformance.faults import gradient_fault\n\n"
        f"{code_blocks('CONTRIBUTING.md', 'python')[1]}\n\n"
        f"raise SystemExit(main({words!r}))\n",
        encoding="utf-8",
    )
    done = run([str(script)], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = json.loads((tmp_path / "report/teeth.json").read_text(encoding="utf-8"))["rows"][:1]
    assert row["outcome"] == "killed"
    assert "gradient" in row["laws"]


@pytest.mark.parametrize(
    ("block", "module", "backend"),
    [
        (0, "my_backend", "eager"),
        (1, "teaching", "teaching"),
        (2, "on_devices", "on_devices@cpu"),
    ],
)
def test_the_recipe_for_a_backend(block: int, module: str, backend: str, tmp_path: Path) -> None:
    """As it is written it keeps the protocol, and its gradients conform."""
    pytest.importorskip("torch")
    recipes = code_blocks("ADAPTERS.md", "python")
    (tmp_path / "my_backend.py").write_text(recipes[0], encoding="utf-8")  # the third uses it
    (tmp_path / f"{module}.py").write_text(recipes[block], encoding="utf-8")
    lines = indented_lines("ADAPTERS.md", "gradient-conformance")
    commands = [line for line in lines if f"{module}:" in line]
    for command in commands:
        done = run(["-m", "gradient_conformance", *command.split()[1:]], tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    found = {(v["backend"], v["verdict"]) for v in verdicts(tmp_path / "report")}
    assert (backend, "pass") in found
    assert not {verdict for _, verdict in found} & set(FAILURES)


def test_the_recipe_with_a_namespace_opens_the_whole_catalogue(tmp_path: Path) -> None:
    """In less than 30 lines: the namespace lacks nothing that an identity's function calls."""
    pytest.importorskip("torch")
    recipe = code_blocks("ADAPTERS.md", "python")[0]
    assert len([line for line in recipe.splitlines() if line.strip()]) < 30
    (tmp_path / "my_backend.py").write_text(recipe, encoding="utf-8")
    done = run(["-m", "gradient_conformance", "check", "my_backend:Eager"], tmp_path)
    assert "the namespace has no" not in done.stdout
    assert "✓ the adapter keeps the protocol" in done.stdout


def test_the_page_on_adapters_names_everything_in_the_protocol() -> None:
    text = (CHECKOUT / "ADAPTERS.md").read_text(encoding="utf-8")
    public = [name for name in vars(Backend) if not name.startswith("_")]
    ours = {"can", "itself"}  # not for an adapter to define
    assert [name for name in public if f"`{name}" not in text and name not in ours] == []
    assert f"now {PROTOCOL} |" in text


def test_a_new_backend_runs_as_it_is_written(tmp_path: Path) -> None:
    done = run(["-m", "gradient_conformance", "new-backend", "my_net"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path / "gradient-conformance-my_net"
    tested = run(["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_gradients.py"], folder)
    assert "2 passed" in tested.stdout, tested.stdout + tested.stderr
    found = {v["identity"] for v in verdicts(folder / "report") if v["verdict"] == "pass"}
    assert found == {"hadamard_product", "matrix_product", "tanh"}
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    (entry,) = project["project"]["entry-points"]["gradient_conformance.backends"].items()
    assert entry == ("my_net", "gradient_conformance_my_net:MyNet")
    assert "--backend my_net" in (folder / ".github/workflows/gradients.yml").read_text()
    adapter = folder / "gradient_conformance_my_net.py"
    adapter.write_text(adapter.read_text().replace("g * (1 - y * y)", "g * (1 - y)"))
    tested = run(["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_gradients.py"], folder)
    assert "1 failed, 1 passed" in tested.stdout
    assert "my_net native tanh" in tested.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["torch"], "there is a backend of that name"),
        (["My-Net"], "a name is a small letter, then"),
        (["my_net", "--out", "there"], "exists, and is left as it is"),
        (["my_net", "--out", "/dev/null/x"], "cannot be written"),
    ],
)
def test_a_new_backend_overwrites_nothing(words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "pyproject.toml").write_text("mine")
    done = run(["-m", "gradient_conformance", "new-backend", *words], tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "there" / "pyproject.toml").read_text() == "mine"


def test_the_recipe_for_a_backend_is_caught_when_it_is_spoiled(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    recipe = code_blocks("ADAPTERS.md", "python")[0]
    assert "moving, ybar," in recipe
    spoiled = recipe.replace("moving, ybar,", "moving, 2 * ybar,")
    (tmp_path / "my_backend.py").write_text(spoiled, encoding="utf-8")
    done = run(
        [
            "-m",
            "gradient_conformance",
            "run",
            "--backend",
            "my_backend:Eager",
            "--identity",
            "softmax",
        ],
        tmp_path,
    )
    assert done.returncode == 1, done.stdout + done.stderr


def test_the_readme_verifies_attention(tmp_path: Path) -> None:
    """Its example prints what it says, but for the version, and the digits of another machine."""
    pytest.importorskip("torch")
    example, printed = code_blocks("README.md", "python")[0], code_blocks("README.md", "text")[0]
    (tmp_path / "example.py").write_text(example, encoding="utf-8")
    done = run(["example.py"], tmp_path)
    assert done.returncode == 0, done.stderr

    def words(text: str) -> list[list[str]]:
        first, *rest = text.splitlines()
        return [re.sub(r"torch \S+", "torch", first).split(), *(x.split()[:2] for x in rest)]

    assert words(done.stdout) == words(printed)
    assert ["Q", "pass"] in words(printed)


def test_the_readme_asserts_that_functions_conform(tmp_path: Path) -> None:
    """Its two tests pass as they are written, and the first fails where its gradient is wrong."""
    pytest.importorskip("jax")
    pair, custom = code_blocks("README.md", "python")[1:3]
    (tmp_path / "test_right.py").write_text(f"{pair}\n{custom}", encoding="utf-8")
    pytested = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = run([*pytested, "test_right.py"], tmp_path)
    assert "2 passed" in done.stdout, done.stdout + done.stderr
    wrong = pair.replace(".sum(axis=-1, keepdims=True))\n\n\ndef test", ".mean())\n\n\ndef test")
    assert wrong != pair
    (tmp_path / "test_wrong.py").write_text(wrong, encoding="utf-8")
    done = run([*pytested, "test_wrong.py"], tmp_path)
    assert "1 failed" in done.stdout
    assert "gradient of z" in done.stdout


def test_the_readme_explains_every_verdict() -> None:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    table = text.split("## What a verdict means")[1].split("##")[0]
    assert all(outcome in table for outcome in OUTCOMES)


def test_the_two_commands_are_tox_environments() -> None:
    """What the README tells a newcomer to run exists, and CI runs the second."""
    commands = indented_lines("README.md", "python")
    assert len(commands) == 2
    names = [command.rsplit(" -e ", 1)[1] for command in commands]
    tox = (CHECKOUT / "tox.ini").read_text(encoding="utf-8")
    assert all(f"[testenv:{name}]" in tox for name in names)
    assert names == ["conformance", "tests"]
    assert commands[1] in (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")
