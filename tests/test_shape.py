"""The tree's rules that no linter holds: what files say first, how big files and folders are, how they are named."""

import ast
import io
import re
import subprocess
import tokenize
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("gateway", "flags", "pipelines")
FILE_LINES = 300
FUNCTION_LINES = 50
FOLDER_FILES = 13  # beside `__init__.py`
GATEWAY_FILES = {"__init__.py", "__main__.py", "services.py", "errors.py"}
GATEWAY_FOLDERS = 16
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}

# Where an unknown failure must not spread: there, and only there, everything is caught, logged and counted.
BROAD_EXCEPTS = {
    "flags/file/source.py": "the watch of the flag file goes on, whatever the file holds",
    "flags/last_known/snapshot.py": "a listener's failure must not stop the flags",
    "flags/unleash/source.py": "the poll of the flag server goes on, whatever it answers",
    "gateway/database/shared_line/line.py": "who rides on a process's line is asked again, whatever one of them broke",
    "gateway/jobs/accept/accepter.py": "callers of a failed batch get 503, counted, instead of waiting for ever",
    "gateway/rollout/follower.py": "a process goes on following the rollout, whatever it stumbled over",
    "gateway/worker/periodic.py": "a worker's periodic work goes on after whatever failed once",
    "gateway/jobs/run/isolated/child.py": "a run that breaks in its process is told to its worker, which settles it",
    "gateway/jobs/run/isolated/compute.py": "what a computed function raises is raised where it was asked for",
    "gateway/jobs/run/isolated/serving.py": "what a port raises ends the run that uses it, as it does in the worker",
    "gateway/shadow/sandbox/child.py": "a comparison that breaks in its process is reported to the one that started it",
    "gateway/shadow/run.py": "a comparison that breaks here is closed as failed, counted, and never a lost plan",
    "pipelines/registry.py": "a pipeline may raise anything when it is imported; readiness names it",
}
# Folders, files and functions above the budget, each with its reason.
BIG_FOLDERS: dict[str, str] = {}
BIG_FILES: dict[str, str] = {}
BIG_FUNCTIONS: dict[str, str] = {}
# What names a machine, a mount or a package mirror instead of the product: no folder of ours, as in `pipelines/work/`.
MACHINE_TEXT = re.compile(rb"(?<![\w.-])/(?:work|root|home|opt/pypi)/|pyth[o]nhosted")


def python_files() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def text_files() -> list[Path]:
    """Every file of the repository that is text: from git where there is one, else from the folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.splitlines() if listed.returncode == 0 else [name_of(path) for path in python_files()]
    return [ROOT / name for name in names if (ROOT / name).is_file() and name != "uv.lock"]


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_a_file_says_first_what_it_is_for(path: Path) -> None:
    """An `__init__.py` so says what belongs in its folder."""
    assert ast.get_docstring(tree_of(path)), "the first line is not a docstring"


def test_that_a_module_is_pure_is_said_where_it_is_held() -> None:
    """In the contract "what judges does no I/O" of pyproject.toml: a word in a docstring holds nobody to it."""
    found = [name_of(path) for path in python_files() if re.search(r"\bPure\b", ast.get_docstring(tree_of(path)) or "")]
    assert found == []


def test_nothing_stands_loose_in_the_gateway() -> None:
    modules = [path for path in (ROOT / "gateway").iterdir() if path.name != "__pycache__"]
    assert {path.name for path in modules if path.is_file()} - GATEWAY_FILES == set()
    assert len([path for path in modules if path.is_dir()]) <= GATEWAY_FOLDERS


def test_folders_stay_small() -> None:
    files = Counter(name_of(path.parent) for path in python_files() if path.name != "__init__.py")
    above = {name for name, count in files.items() if count > FOLDER_FILES}
    assert above - BIG_FOLDERS.keys() == set()
    assert BIG_FOLDERS.keys() - above == set(), "no longer needed in BIG_FOLDERS"


def test_a_file_is_known_by_its_name_and_its_folder() -> None:
    """`accept/store.py` is one file: what a traceback or a colleague names so need not be looked for."""
    names = Counter(f"{path.parent.name}/{path.name}" for path in python_files() if path.name != "__init__.py")
    assert {name for name, count in names.items() if count > 1} == set()


def test_files_stay_small() -> None:
    lines = {name_of(path): len(path.read_text().splitlines()) for path in python_files()}
    assert {name: count for name, count in lines.items() if count > FILE_LINES and name not in BIG_FILES} == {}


def test_functions_stay_small() -> None:
    sizes = {f"{name_of(path)}:{name}": size for path in python_files() for name, size in function_sizes(path)}
    assert {name: size for name, size in sizes.items() if size > FUNCTION_LINES and name not in BIG_FUNCTIONS} == {}


def function_sizes(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_modules_are_named_after_what_they_are() -> None:
    named = {name_of(path) for path in python_files() if {path.stem, path.parent.name} & FORBIDDEN_NAMES}
    assert named == set()


def test_everything_is_caught_only_at_the_named_edges() -> None:
    found = {
        name_of(path) for path in python_files() if any(catches_everything(node) for node in ast.walk(tree_of(path)))
    }
    assert found - BROAD_EXCEPTS.keys() == set()
    idle = {name for name in BROAD_EXCEPTS.keys() - found if (ROOT / name).exists()}
    assert idle == set(), "no longer needed in BROAD_EXCEPTS"


def catches_everything(node: ast.AST) -> bool:
    """`except Exception` (or bare, or BaseException) that does not simply raise again."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = node.type
    named = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    broad = any(
        item is None or (isinstance(item, ast.Name) and item.id in {"Exception", "BaseException"}) for item in named
    )
    return broad and not any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))


def test_nothing_names_a_machine() -> None:
    searched = ((path, MACHINE_TEXT.search(path.read_bytes())) for path in text_files())
    found = [f"{name_of(path)}: {text[0]!r}" for path, text in searched if text]
    assert found == []


def test_a_machine_path_is_told_from_a_folder_of_ours() -> None:
    machine = f"{Path('/', 'work', 'main')}"
    assert MACHINE_TEXT.search(f"see {machine}, or file://{machine}".encode())
    assert not MACHINE_TEXT.search(f"`pipelines{machine}/late.py` and ../home{machine}".encode())


DOUBLED = re.compile(r"(?<!\\)(?:\\\\)+[bswdBSWD]")


def test_no_raw_string_doubles_a_backslash_before_the_letter_of_a_pattern() -> None:
    """In a raw string, two backslashes and a "b" match a backslash and a letter, never the end of a word."""
    doubled = {
        f"{name_of(path)}:{line}"
        for path in python_files()
        for line, text in raw_strings(path.read_text(encoding="utf-8"))
        if DOUBLED.search(text)
    }
    assert doubled == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (r'x = r"a\\b"', True),
        (r'x = rf"{y}a\\W"', True),
        (r'x = (r"a" r"\\s")', True),
        (r'x = r"a\b"', False),
        (r'x = "a\\b"', False),
        (r'x = r"a\\\b"', False),
    ],
)
def test_a_doubled_backslash_would_be_found(source: str, *, found: bool) -> None:
    assert any(DOUBLED.search(text) for _, text in raw_strings(source)) is found


def raw_strings(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each raw string; an f-string is one token before Python 3.12, and several since."""
    raw = False
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        if kind in {"STRING", "FSTRING_START"}:
            raw = "r" in token.string.partition(token.string[-1])[0].lower()
        if raw and kind in {"STRING", "FSTRING_MIDDLE"}:
            yield token.start[0], token.string
