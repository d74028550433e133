"""A pipeline that breaks while a file exists, in one of five ways. Only a drill's processes are composed with it."""

import asyncio
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

from pipelines.contract import Compute, ImportRequest, Pipeline, PipelineError, Ports, Soulprint, Steps, T
from pipelines.registry import Registry

STEP = "memory"  # late: by then a run of v2 has read the whole export
BROKEN = "broken on purpose by the drill"
Fault = Literal["raise", "hang", "block", "spin", "memory"]
HANGS: tuple[Fault, ...] = ("hang", "block", "spin")  # those after which a job does not end by itself
REASONS: dict[Fault, str] = {  # as jobs tell them
    **dict.fromkeys(HANGS, ""),
    "raise": BROKEN,
    "memory": "the job took more than 1024 MB of memory",
}
NO_FILE = "no file"
PIECE_BYTES, PIECES = 64 * 1024**2, 128  # 8 GB


@dataclass(frozen=True, slots=True)
class Break:
    """Where a candidate breaks, and the file that says how: a fault and the percentage of jobs that it hits.

    `said` is what the file said when a run was handed to a process of its own, which cannot read it.
    """

    step: str
    switch: Path
    said: str | None = None

    def turn_on(self, fault: Fault = "raise", percent: int = 100) -> None:
        """From now on."""
        self.switch.write_text(f"{fault} {percent}")

    def turn_off(self) -> None:
        """From now on; what hangs already goes on hanging."""
        self.switch.unlink(missing_ok=True)

    def hits(self, job_id: str) -> Fault | None:
        """How this job breaks now. The same jobs each time."""
        text = self.read() if self.said is None else self.said
        if text == NO_FILE:
            return None
        fault, percent = text.split()
        return cast("Fault", fault) if zlib.crc32(job_id.encode()) % 100 < int(percent) else None

    def read(self) -> str:
        """What the file says, or that there is none."""
        try:
            return self.switch.read_text()
        except FileNotFoundError:
            return NO_FILE


@dataclass(frozen=True, slots=True)
class BreakableSteps:
    """Steps of which one breaks; what was done before it is stored as ever."""

    steps: Steps
    compute: Compute
    job_id: str
    broken: Break

    async def run(self, name: str, version: int, type_: type[T], work: Callable[[], Awaitable[T]]) -> T:
        """Raises PipelineError in that step, or does not come back from it."""

        async def break_or_work() -> T:
            fault = self.broken.hits(self.job_id) if name == self.broken.step else None
            if fault is not None:
                await break_by(fault, self.compute)
            return await work()

        return await self.steps.run(name, version, type_, break_or_work)


async def break_by(fault: Fault, compute: Compute) -> None:
    """What goes wrong in pipelines. Raises PipelineError or MemoryError, or does not return."""
    match fault:
        case "raise":
            raise PipelineError(BROKEN)
        case "hang":
            await asyncio.Event().wait()
        case "block":
            while True:
                time.sleep(3600)  # noqa: ASYNC251 - the loop's own thread: that is the fault
        case "spin":
            await compute(spin)
        case "memory":
            held = [b"x" * PIECE_BYTES for _ in range(PIECES)]
            raise PipelineError(f"{BROKEN}: {len(held)} pieces of memory were to be had")


def spin() -> None:
    """Compute for ever."""
    while True:
        pass


@dataclass(frozen=True, slots=True)
class Breakable:
    """The pipeline, until it is broken. It can be pickled: its runs may be in processes of their own."""

    pipeline: Pipeline
    broken: Break

    @property
    def __wrapped__(self) -> Pipeline:
        """What a comparison runs: it breaks for users only."""
        return self.pipeline

    async def __call__(self, request: ImportRequest, ports: Ports) -> Soulprint:
        steps = BreakableSteps(ports.steps, ports.compute, request.job_id, self.broken)
        return await self.pipeline(request, replace(ports, steps=steps))

    def __reduce__(self) -> tuple[Any, ...]:
        return Breakable, (self.pipeline, replace(self.broken, said=self.broken.read()))


def break_candidate(registry: Registry, candidate: str, broken: Break) -> Registry:
    """The same pipelines, one of them breakable."""
    usable = {**registry.usable, candidate: Breakable(registry.usable[candidate], broken)}
    return replace(registry, usable=MappingProxyType(usable))
