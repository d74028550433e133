"""The how-to page for pipeline engineers is true: followed to the letter in a copy of the packages, v3 works."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-a-pipeline.md"
FILES = re.compile(r"`(pipelines/v3/\w+\.py)`:\n\n```python\n(.*?)```", re.DOTALL)
LINE = re.compile(r"```toml\n(.*)\n```")
CHECK = "from importlinter.cli import lint_imports_command; lint_imports_command()"
COPIED = ("gateway", "flags", "pipelines", "tests/pipelines")


def in_the_copy(copy: Path, *command: str, code: int = 0) -> str:
    """What the command prints there, and that it ends with this code."""
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages in which somebody did what the page says, and nothing else."""
    copy = tmp_path_factory.mktemp("repository")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("tests/shared_data.py", "pyproject.toml"):
        shutil.copy(ROOT / file, copy / file)
    page = PAGE.read_text()
    for name, code in FILES.findall(page):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(code)
    (line,) = LINE.findall(page)
    project = (copy / "pyproject.toml").read_text()
    changed, times = re.subn(r'^ *"v1 \| v2",$', line, project, flags=re.MULTILINE)
    assert times == 1
    (copy / "pyproject.toml").write_text(changed)
    return copy


def test_three_files_are_new_and_one_line_changes(followed: Path) -> None:
    there = [path for path in (followed / "pipelines" / "v3").iterdir() if path.name != "__pycache__"]
    new = {path.relative_to(followed).as_posix() for path in there}
    assert new == {"pipelines/v3/__init__.py", "pipelines/v3/run.py", "pipelines/v3/count.py"}
    before, after = ((root / "pyproject.toml").read_text().splitlines() for root in (ROOT, followed))
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_it_is_found_and_everything_can_be_imported(followed: Path) -> None:
    assert "pipelines v1, v2, v3 and all parts" in in_the_copy(followed, "-m", "gateway", "check")


def test_it_passes_the_behaviour_suite(followed: Path) -> None:
    suite = "tests/pipelines/test_every_pipeline.py"
    said = in_the_copy(followed, "-m", "pytest", suite, "-k", "v3", "-p", "no:cacheprovider", "-p", "no:xdist")
    assert int(re.findall(r"(\d+) passed", said)[0]) >= 15


def test_the_import_rules_want_its_line_and_keep_it_apart(followed: Path) -> None:
    rules, other = followed / "pyproject.toml", followed / "pipelines" / "v3" / "other.py"
    with_line = rules.read_text()
    assert "0 broken" in check_imports(followed)
    rules.write_text(with_line.replace(' | v3"', '"'))
    assert "v3" in check_imports(followed, fails=True)
    rules.write_text(with_line)
    other.write_text('"""Looks at another version."""\n\nimport pipelines.v2.best\n')
    assert "pipelines.v3.other -> pipelines.v2.best" in check_imports(followed, fails=True)
    other.unlink()


def check_imports(copy: Path, *, fails: bool = False) -> str:
    """What `lint-imports` says there."""
    return in_the_copy(copy, "-c", CHECK, "--no-cache", code=int(fails))
