"""The import rules of pyproject.toml bite: each breach is refused by its name, on a copy of the tree."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("gateway", "flags", "pipelines")
CHECK = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def check_imports(folder: Path) -> tuple[int, str]:
    """The exit code of `lint-imports` in this folder, and what it says."""
    command = [sys.executable, "-c", CHECK, "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def add(path: Path, line: str) -> None:
    """Put an import at the end of a module."""
    with path.open("a") as module:
        module.write(f"{line}\n")


def test_the_tree_as_it_is_keeps_every_rule(copy: Path) -> None:
    code, said = check_imports(copy)
    assert code == 0, said
    assert "0 broken" in said


@pytest.mark.parametrize("package", PACKAGES)
def test_a_loose_file_must_be_given_a_place(copy: Path, package: str) -> None:
    (copy / package / "loose.py").write_text('"""A module that no layer names."""\n')
    code, said = check_imports(copy)
    assert code == 1
    assert "loose" in said


@pytest.mark.parametrize(
    ("module", "line", "contract", "named"),
    [
        (
            "gateway/rollout/guard/verdict.py",
            "import time",
            "what judges does no I/O",
            "gateway.rollout.guard.verdict -> time",
        ),
        (
            "flags/model.py",
            "import random",
            "what judges does no I/O",
            "flags.model -> random",
        ),
        (
            "gateway/shadow/run.py",
            "import pipelines.v2.run",
            "nobody names a pipeline version but the registry",
            "gateway.shadow.run -> pipelines.v2.run",
        ),
        (
            "pipelines/v1/chunk.py",
            "import pipelines.v2.prepare",
            "inside the pipelines",
            "pipelines.v1.chunk -> pipelines.v2.prepare",
        ),
        (
            "gateway/jobs/store.py",
            "import gateway.web.auth",
            "inside the gateway",
            "gateway.jobs.store -> gateway.web.auth",
        ),
        (
            "gateway/cli/errors.py",
            "import gateway.cli.commands.ramp",
            "no cycles among siblings",
            "No cycles are allowed in gateway.cli",
        ),
        (
            "flags/model.py",
            "import gateway.errors",
            "gateway composes; flags and pipelines know neither it nor each other",
            "flags.model -> gateway.errors",
        ),
    ],
    ids=lambda value: value.replace(" ", "_") if " -> " in value else None,
)
def test_a_breach_is_refused_by_name(copy: Path, module: str, line: str, contract: str, named: str) -> None:
    add(copy / module, line)
    code, said = check_imports(copy)
    assert code == 1
    assert f"{contract} BROKEN" in " ".join(said.split())
    assert named in said


def test_only_the_registry_names_a_version() -> None:
    """By whatever module of it: the contract protects their `run` alone, so that a new version is named nowhere."""
    named = [
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for name in re.findall(r"\bpipelines[.]v\d+", path.read_text())
        if path.relative_to(ROOT).parts[:2] != tuple(name.split("."))
    ]
    assert named == []
