"""Small pipelines for tests of the jobs: real steps, chunks and CPU work, and ways to fail on demand."""

import asyncio
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pipelines.contract import Chunk, Fact, ImportRequest, PipelineError, Ports, Soulprint

STEPS = ("one", "two", "three")


@dataclass
class Script:
    """What the scripted pipeline does, and what it saw."""

    at: dict[str, Callable[[int], Any]] = field(default_factory=dict)  # step -> called with the attempt; may raise
    calls: list[tuple[str, str]] = field(default_factory=list)  # (job, step) in the order in which they ran
    reached: dict[str, asyncio.Event] = field(default_factory=dict)
    hold: dict[str, asyncio.Event] = field(default_factory=dict)  # step -> waits for this
    versions: dict[str, int] = field(default_factory=dict)  # step -> version of its payload, 1 unless told
    warnings: tuple[str, ...] = ()  # of its result

    def event(self, step: str) -> asyncio.Event:
        return self.reached.setdefault(step, asyncio.Event())

    async def __call__(self, request: ImportRequest, ports: Ports) -> Soulprint:
        await ports.progress("downloading", 5)
        words = json.loads((await ports.exports.fetch()).read_text())
        await ports.sink.replace_chunks()
        await ports.sink.add_chunks(chunks_of(request, words))
        for n, step in enumerate(STEPS):
            await ports.progress(step, 10 + 20 * n)
            await ports.steps.run(step, self.versions.get(step, 1), int, partial(self._step, request, step))
        return replace(soulprint_of(request, words), warnings=self.warnings)

    async def _step(self, request: ImportRequest, step: str) -> int:
        self.calls.append((request.job_id, step))
        self.event(step).set()
        if step in self.hold:
            await self.hold[step].wait()
        if step in self.at:
            count = sum(1 for call in self.calls if call == (request.job_id, step))
            answer = self.at[step](count)
            if asyncio.iscoroutine(answer):
                await answer
        return len(step)


async def spin(request: ImportRequest, ports: Ports) -> Soulprint:
    """A CPU-bound step that never ends by itself; its process id is in a file beside the export."""
    export = await ports.exports.fetch()
    await ports.compute(spin_for_ever, json.loads(export.read_text())[0])
    raise AssertionError


def spin_for_ever(pid_file: str) -> None:
    Path(pid_file).write_text(str(os.getpid()))
    while True:
        pass


async def quick(request: ImportRequest, ports: Ports) -> Soulprint:
    """Reads the words of the export, in another process, in steps."""
    await ports.progress("downloading", 5)
    export = await ports.exports.fetch()
    words = await ports.compute(read_words, str(export))
    await ports.sink.replace_chunks()
    await ports.sink.add_chunks(chunks_of(request, words))
    for n, step in enumerate(STEPS):
        await ports.progress(step, 20 * (n + 1))
        await ports.steps.run(step, 1, int, lambda: asyncio.sleep(0.02, 1))
    return soulprint_of(request, words)


def read_words(path: str) -> list[str]:
    time.sleep(0.005)
    words = json.loads(Path(path).read_text())
    return [str(word) for word in words]


def chunks_of(request: ImportRequest, words: list[str]) -> list[Chunk]:
    return [
        Chunk(f"c{n}", f"title {n}", word, 1, request.accepted_at, is_recent=True, tier="medium")
        for n, word in enumerate(words)
    ]


def soulprint_of(request: ImportRequest, words: list[str]) -> Soulprint:
    if not words:
        raise PipelineError("the export has no words")
    return Soulprint(
        sections={"user": {"interests": words}},
        facts=tuple(Fact("interest", word, word, f"c{n}", f"m{n}") for n, word in enumerate(words)),
        total_conversations=len(words),
        total_messages=len(words),
        total_chunks=len(words),
        soulprint_text=" ".join(words),
        memory_md=f"# Memory\n{len(words)} words at {request.accepted_at.timestamp():.0f}",
    )
