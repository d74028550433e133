"""A pipeline that breaks while a file exists. Only the drill's own processes are composed with it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from pipelines.contract import ImportRequest, Pipeline, PipelineError, Ports, Soulprint, Steps, T
from pipelines.registry import Registry

BROKEN = "broken on purpose by the drill"


@dataclass(frozen=True, slots=True)
class BreakableSteps:
    """Steps of which one fails while `switch` exists; what was done before it is stored as ever."""

    steps: Steps
    step: str
    switch: Path

    async def run(self, name: str, version: int, type_: type[T], work: Callable[[], Awaitable[T]]) -> T:
        """Raises PipelineError in that step."""
        if name == self.step and self.switch.exists():
            raise PipelineError(BROKEN)
        return await self.steps.run(name, version, type_, work)


def breakable(pipeline: Pipeline, step: str, switch: Path) -> Pipeline:
    """The pipeline, until `switch` exists."""

    async def run(request: ImportRequest, ports: Ports) -> Soulprint:
        return await pipeline(request, replace(ports, steps=BreakableSteps(ports.steps, step, switch)))

    return run


def break_candidate(registry: Registry, candidate: str, step: str, switch: Path) -> Registry:
    """The same pipelines, one of them breakable."""
    usable = {**registry.usable, candidate: breakable(registry.usable[candidate], step, switch)}
    return Registry(MappingProxyType(usable), registry.broken)
