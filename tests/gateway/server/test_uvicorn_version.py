"""Parts of uvicorn are used that it promises to nobody: each release of it is tried before it is allowed."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

TESTED = "0.54"  # the tests of this folder hold with it; with another, first run them, then name it here
PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"


def test_the_release_that_is_installed_is_the_one_that_was_tested() -> None:
    assert version("uvicorn").rsplit(".", 1)[0] == TESTED


def test_no_other_is_installed() -> None:
    (declared,) = [
        one for one in tomllib.loads(PYPROJECT.read_text())["project"]["dependencies"] if re.match("uvicorn", one)
    ]
    assert declared == f"uvicorn[standard]~={TESTED}.0"
