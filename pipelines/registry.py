"""The pipelines that exist: every folder `pipelines/v<digits>` with a `run.py`, imported and checked at start."""

import importlib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import cast

import pipelines
from pipelines.capabilities import Capabilities, Source
from pipelines.contract import Pipeline
from pipelines.versions import FOLDER, age_of, oldest_first

UNDECLARED = Capabilities()  # a pipeline that was handed in without a declaration takes stored exports


class BrokenPipeline(Exception):
    """A pipeline cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Registry:
    """What was found: pipelines by name, the reasons of those that cannot be used, and what each declares."""

    usable: Mapping[str, Pipeline]
    broken: Mapping[str, str]
    declared: Mapping[str, Capabilities] = field(default_factory=dict)

    def capabilities(self, name: str) -> Capabilities:
        """What the pipeline declares."""
        return self.declared.get(name, UNDECLARED)

    def accepts(self, name: str, source: Source) -> bool:
        """Is the pipeline there, and does it take such requests?"""
        return name in self.usable and source in self.capabilities(name).accepts

    def refusal(self, name: str, source: Source) -> str | None:
        """Why the pipeline cannot be given such a request; None if it can."""
        if name not in self.usable:
            return f"there is no pipeline {name}"
        return None if source in self.capabilities(name).accepts else f"{name} takes stored exports only"

    def lacks(self, name: str) -> bool:
        """Is there no such folder? One that cannot be imported is there."""
        return name not in self.usable and name not in self.broken

    def serving(self, source: Source, own: str) -> str | None:
        """Which version serves such a request of a user whose version is `own`: that one if it takes it, else the
        nearest older one that does. Never a newer one: that is not the user's yet."""
        able = (name for name in reversed(oldest_first(self.usable)) if self.accepts(name, source))
        return next((name for name in able if age_of(name) <= age_of(own)), None)

    def check(self, *needed: str) -> None:
        """Raise `BrokenPipeline` unless those that are needed, by default all, can be used."""
        if broken := [name for name in self.broken if name in needed or not needed]:
            raise BrokenPipeline("; ".join(f"pipeline {name} cannot be used: {self.broken[name]}" for name in broken))
        if not self.usable:
            raise BrokenPipeline("no pipeline was found")
        self.check_known(*needed)

    def check_known(self, *names: str) -> None:
        """Raise `BrokenPipeline` for a name that no pipeline has, usable or broken."""
        if missing := [name for name in names if self.lacks(name)]:
            raise BrokenPipeline(f"there is no pipeline {missing[0]}: found {', '.join(self.usable)}")


def find_pipelines(package: str = pipelines.__name__, folder: Path = Path(pipelines.__path__[0])) -> Registry:
    """Import the pipelines under `folder`, which is the package `package`. What fails is told, not raised."""
    usable: dict[str, Pipeline] = {}
    broken: dict[str, str] = {}
    declared: dict[str, Capabilities] = {}
    for name in oldest_first(path.parent.name for path in folder.glob("v*/run.py")):
        if not FOLDER.fullmatch(name):
            continue
        module = f"{package}.{name}.run"
        try:
            usable[name], declared[name] = load_pipeline(module), load_capabilities(module)
        except Exception as error:  # noqa: BLE001 - whatever the code of a pipeline raises at import
            broken[name] = f"{type(error).__name__}: {error}"
    return Registry(MappingProxyType(usable), MappingProxyType(broken), MappingProxyType(declared))


def load_pipeline(module: str) -> Pipeline:
    """Import a pipeline's module and return its `run`. Raises TypeError when it has none that can be called."""
    run = getattr(importlib.import_module(module), "run", None)
    if not inspect.iscoroutinefunction(run):
        raise TypeError(f"{module} has no coroutine function `run`")
    names = list(inspect.signature(run).parameters)
    if names[:2] != ["request", "ports"]:
        raise TypeError(f"{module}.run takes ({', '.join(names)}), not (request, ports)")
    return cast("Pipeline", run)


def load_capabilities(module: str) -> Capabilities:
    """What the pipeline's module declares. Raises TypeError when it declares nothing."""
    declared = getattr(importlib.import_module(module), "CAPABILITIES", None)
    if not isinstance(declared, Capabilities):
        raise TypeError(f"{module} has no `CAPABILITIES`: it declares what it accepts and what it makes")
    return declared
