"""The wheel holds what the tree holds, and works outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import gradient_conformance
from gradient_conformance.tests.commands.command_line import environment

CHECKOUT = Path(os.environ.get("GRADIENT_CONFORMANCE_CHECKOUT", Path(__file__).parent.parent))
NOT_CODE = {".git", ".ci", ".tox", ".venv", "build", "dist", "report", ".hypothesis", ".github"}
ALSO = {"py.typed", "pytest.ini", "reports/ledger.schema.json"}

in_checkout = pytest.mark.skipif(
    not (CHECKOUT / "pyproject.toml").exists(), reason="there is a tree in a checkout only"
)


def package_files(root: Path) -> set[str]:
    """What belongs into the package: modules, templates, records, settings."""
    found = set()
    for path in root.rglob("*"):
        inside = path.relative_to(root)
        hidden = any(
            part in NOT_CODE or part.endswith(".egg-info") or part.startswith((".", "__py"))
            for part in inside.parts
        )
        alone = inside.parts[:2] == ("reports", "findings")  # scripts, to be run by themselves
        if hidden or alone or not path.is_file():
            continue
        folder = inside.parts[0] if len(inside.parts) > 1 else ""
        data = (
            folder == "implementations" and path.suffix == ".toml"
        ) or "templates" in inside.parts
        if path.suffix == ".py" or data or str(inside) in ALSO:
            found.add(inside.as_posix())
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the tree."""
    import shutil

    pytest.importorskip("setuptools", reason="building a wheel needs setuptools")
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "tree"
    shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(*NOT_CODE, "*.egg-info"))
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--wheel-dir", str(folder), str(copy)],
        check=True, env=environment(), timeout=300,
    )  # fmt: skip
    return next(folder.glob("*.whl"))


@in_checkout
def test_the_wheel_holds_the_tree(wheel: Path) -> None:
    prefix = "gradient_conformance/"
    with zipfile.ZipFile(wheel) as archive:
        names = {n for n in archive.namelist() if ".dist-info/" not in n}
    assert all(name.startswith(prefix) for name in names), "a generic name lands in site-packages"
    assert {name.removeprefix(prefix) for name in names} == package_files(CHECKOUT)


@in_checkout
def test_the_wheel_has_licence_command_and_extras(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        info = {n.split(".dist-info/")[1]: n for n in archive.namelist() if ".dist-info/" in n}
        metadata = archive.read(info["METADATA"]).decode()
        entry_points = archive.read(info["entry_points.txt"]).decode()
    assert "licenses/LICENSE" in info
    assert "gradient-conformance = gradient_conformance.__main__:main" in entry_points
    assert {"jax", "torch", "all"} <= {
        line.removeprefix("Provides-Extra: ") for line in metadata.splitlines()
    }


def test_pytest_runs_the_installed_copy_outside_the_checkout(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--pyargs", "gradient_conformance", "-q",
         f"--confcutdir={Path(gradient_conformance.__file__).parent}",
         "-p", "no:cacheprovider", "-k", "test_conforms and square and numpy and float64"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


@pytest.mark.parametrize("name", ["identities", "oracles", "implementations", "laws", "reports"])
def test_no_second_copy_of_a_module_is_importable(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import gradient_conformance, {name}"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert f"No module named '{name}'" in done.stderr


def test_importing_the_package_imports_no_framework() -> None:
    use = "import sys, gradient_conformance as g; g.CATALOGUE; g.Expected; g.load('numpy')"
    done = subprocess.run(
        [sys.executable, "-c", f"{use}; print({{'jax', 'torch'}} & set(sys.modules))"],
        env=environment(), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "set()"
