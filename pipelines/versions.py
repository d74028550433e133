"""Which versions are there, by their folders, and their order: v2 after v1, v10 after v9. Imports no pipeline."""

import re
from collections.abc import Iterable
from pathlib import Path

import pipelines

FOLDER = re.compile(r"v\d+")


def age_of(name: str) -> tuple[int, str]:
    """Orders versions from the oldest to the newest; what is no version is older than all of them."""
    number = name.removeprefix("v")
    return (int(number) if number.isdecimal() else -1), name


def oldest_first(names: Iterable[str]) -> list[str]:
    """The versions in the order in which they came."""
    return sorted(names, key=age_of)


def list_versions(folder: Path = Path(pipelines.__path__[0])) -> tuple[str, ...]:
    """The names of the pipelines that are there, without importing them: for commands that run none."""
    return tuple(path.parent.name for path in sorted(folder.glob("v*/run.py")) if FOLDER.fullmatch(path.parent.name))
