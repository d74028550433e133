"""The import rules of pyproject.toml bite: each breach is refused by its name, on a copy of the tree."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("gateway", "flags", "pipelines")
CHECK = "from importlinter.cli import lint_imports_command; lint_imports_command()"
HEADING = re.compile(r"^([^\n]+)\n-{5,}\n", re.MULTILINE)  # of what one contract says


class Breach(NamedTuple):
    """An import that must not be: the module that gets it, the contract that refuses it, and how it names it."""

    module: str
    line: str
    contract: str
    named: str


BREACHES = (
    Breach(
        "gateway/rollout/guard/verdict.py",
        "import time",
        "what judges does no I/O",
        "gateway.rollout.guard.verdict -> time",
    ),
    Breach("flags/model.py", "import random", "what judges does no I/O", "flags.model -> random"),
    Breach(
        "gateway/shadow/run.py",
        "import pipelines.v2.run",
        "nobody names a pipeline version but the registry",
        "gateway.shadow.run -> pipelines.v2.run",
    ),
    Breach(
        "pipelines/v1/chunk.py",
        "import pipelines.v2.prepare",
        "inside the pipelines",
        "pipelines.v1.chunk -> pipelines.v2.prepare",
    ),
    Breach(
        "gateway/jobs/store.py",
        "import gateway.web.auth",
        "inside the gateway",
        "gateway.jobs.store -> gateway.web.auth",
    ),
    Breach(
        "gateway/cli/errors.py",
        "import gateway.cli.commands.ramp",
        "no cycles among siblings",
        "No cycles are allowed in gateway.cli",
    ),
    Breach(
        "flags/model.py",
        "import gateway.errors",
        "gateway composes; flags and pipelines know neither it nor each other",
        "flags.model -> gateway.errors",
    ),
)


def copy_to(folder: Path) -> Path:
    """The tree that the contracts are about."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def check_imports(folder: Path) -> tuple[int, str]:
    """The exit code of `lint-imports` in this folder, and what it says."""
    command = [sys.executable, "-c", CHECK, "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each contract says of a tree with all breaches at once, and with a loose file in each package."""
    copy = copy_to(tmp_path_factory.mktemp("broken"))
    for breach in BREACHES:
        with (copy / breach.module).open("a") as module:
            module.write(f"{breach.line}\n")
    for package in PACKAGES:
        (copy / package / "loose.py").write_text('"""A module that no layer names."""\n')
    code, said = check_imports(copy)
    assert code == 1, said
    _, *parts = HEADING.split(said.partition("Broken contracts")[2])
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_tree_as_it_is_keeps_every_rule(tmp_path: Path) -> None:
    code, said = check_imports(copy_to(tmp_path))
    assert code == 0, said
    assert "0 broken" in said


@pytest.mark.parametrize("package", PACKAGES)
def test_a_loose_file_must_be_given_a_place(broken: dict[str, str], package: str) -> None:
    _, _, unlisted = broken[f"inside the {package}"].partition("not listed as layers")
    assert f"{package}.loose" in unlisted


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach.named.replace(" ", "_"))
def test_a_breach_is_refused_by_name(broken: dict[str, str], breach: Breach) -> None:
    assert breach.named in broken[breach.contract]


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
