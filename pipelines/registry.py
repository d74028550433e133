"""The pipelines that exist: every folder `pipelines/v<digits>` with a `run.py`, imported and checked at start."""

import importlib
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import cast

import pipelines
from pipelines.contract import Pipeline

FOLDER = re.compile(r"v\d+")


class BrokenPipeline(Exception):
    """A pipeline cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Registry:
    """What was found: pipelines by name, and the reasons of those that cannot be used."""

    usable: Mapping[str, Pipeline]
    broken: Mapping[str, str]

    @property
    def complete(self) -> bool:
        return bool(self.usable) and not self.broken

    def check(self, *needed: str) -> None:
        """Raise `BrokenPipeline` unless every pipeline can be used, and those that are needed are there."""
        if self.broken:
            raise BrokenPipeline(
                "; ".join(f"pipeline {name} cannot be used: {why}" for name, why in self.broken.items())
            )
        if not self.usable:
            raise BrokenPipeline("no pipeline was found")
        if missing := [name for name in needed if name not in self.usable]:
            raise BrokenPipeline(f"there is no pipeline {missing[0]}: found {', '.join(self.usable)}")


def find_pipelines(package: str = pipelines.__name__, folder: Path = Path(pipelines.__path__[0])) -> Registry:
    """Import the pipelines under `folder`, which is the package `package`. What fails is told, not raised."""
    usable: dict[str, Pipeline] = {}
    broken: dict[str, str] = {}
    for path in sorted(folder.glob("v*/run.py")):
        name = path.parent.name
        if not FOLDER.fullmatch(name):
            continue
        try:
            usable[name] = load_pipeline(f"{package}.{name}.run")
        except Exception as error:  # noqa: BLE001 - whatever the code of a pipeline raises at import
            broken[name] = f"{type(error).__name__}: {error}"
    return Registry(MappingProxyType(usable), MappingProxyType(broken))


def load_pipeline(module: str) -> Pipeline:
    """Import a pipeline's module and return its `run`. Raises TypeError when it has none that can be called."""
    run = getattr(importlib.import_module(module), "run", None)
    if not inspect.iscoroutinefunction(run):
        raise TypeError(f"{module} has no coroutine function `run`")
    names = list(inspect.signature(run).parameters)
    if names[:2] != ["request", "ports"]:
        raise TypeError(f"{module}.run takes ({', '.join(names)}), not (request, ports)")
    return cast("Pipeline", run)
