"""One run in a process of its own, seen from the worker: handed over, served, watched, and always ended."""

import asyncio
import os
import pickle
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from gateway.confinement.disk import held_bytes
from gateway.jobs.run.isolated.errors import OutOfDisk, OutOfMemory, OutOfTime, error_of
from gateway.jobs.run.isolated.forking import Child, Forking
from gateway.jobs.run.isolated.protocol import (
    HEADER,
    MAX_FRAME,
    NO_MEMORY,
    Call,
    Done,
    Failed,
    Limits,
    Said,
    Task,
    Worked,
    pack,
)
from gateway.jobs.run.isolated.serving import Serving
from gateway.jobs.run.isolated.usage import used_by
from gateway.language.remote import traits_of
from pipelines.contract import ImportRequest, Language, Pipeline, PipelineError, Ports, Soulprint
from pipelines.language.embedded import EmbeddedLanguage

WATCH_SECONDS = 0.5
MOST_PROCESSES = 64  # of one run
DIED = "the job's process was killed, maybe for lack of memory"


@dataclass(frozen=True, slots=True)
class Isolation:
    """Where runs are forked, and what one may take."""

    forking: Forking
    limits: Limits
    network: bool


async def run_isolated(
    isolation: Isolation, pipeline: Pipeline, request: ImportRequest, ports: Ports, beat: Callable[[], None]
) -> Soulprint:
    """Run the pipeline in a fresh process, which uses `ports` through this one; `beat` is called at each sign of life.

    Raises what the pipeline raised, `OutOfMemory`, `OutOfTime`, and what a port raised that ends the run. Whatever
    happens, the process and all that it forked are gone afterwards.
    """
    task = Task(
        pipeline=pickle.dumps(pipeline),
        request=request,
        folder=str(ports.workdir.absolute()),
        limits=isolation.limits,
        network=isolation.network,
        engine=engine_of(ports.language),
        fact_concurrency=ports.fact_concurrency,
        chunk_limit=ports.chunk_limit,
        compute_processes=min(os.cpu_count() or 1, ports.fact_concurrency),
    )
    try:
        async with isolation.forking.child() as child:
            return await Conversation(child, task, ports, beat).hold()
    except EOFError:
        raise crash_of(child.status or 0, isolation.limits) from None


def engine_of(language: Language | None) -> Any:
    """What stands in for the engine; None for the rules, which run where they are needed."""
    return None if language is None or isinstance(language, EmbeddedLanguage) else traits_of(language)


def crash_of(status: int, limits: Limits) -> PipelineError:
    """Why a process ended without a last word."""
    if status == NO_MEMORY:
        return OutOfMemory(limits.memory_mb)
    match -status:
        case signal.SIGXCPU:
            return OutOfTime(limits.cpu_seconds)
        case signal.SIGKILL:
            return PipelineError(DIED, retryable=True)
    return PipelineError(f"the job's process ended by itself (status {status})")


class Conversation:
    """What is said to and by the process of one run."""

    def __init__(self, child: Child, task: Task, ports: Ports, beat: Callable[[], None]) -> None:
        self._child = child
        self._task = task
        self._ports = ports
        self._beat = beat

    async def hold(self) -> Soulprint:
        """From the task to the result. Raises EOFError when the process ends before it."""
        reader, writer = await asyncio.open_connection(sock=self._child.channel)
        try:
            writer.write(pack(self._task))
            await writer.drain()
            async with Serving(self._ports, writer) as serving:
                return await first(self._listen(reader, serving), self._watch(), serving.broken())
        except ConnectionError:
            raise EOFError from None
        finally:
            writer.transport.abort()

    async def _listen(self, reader: asyncio.StreamReader, serving: Serving) -> Soulprint:
        while True:
            match await self._next(reader):
                case Call() as call:
                    self._beat()
                    await serving.serve(call)
                case Worked() as worked:
                    self._beat()
                    serving.finish_work(worked)
                case Done(result=result):
                    return result
                case Failed(failure=failure):
                    raise error_of(failure, self._task.limits.memory_mb)

    async def _next(self, reader: asyncio.StreamReader) -> Said:
        size = int.from_bytes(await reader.readexactly(HEADER), "big")
        if size > MAX_FRAME:
            raise PipelineError(f"the job's process said {size} bytes at once")
        try:
            said: Said = msgspec.msgpack.decode(await reader.readexactly(size), type=Said)
        except msgspec.MsgspecError:
            raise PipelineError("what the job's process says cannot be read") from None
        return said

    async def _watch(self) -> Soulprint:
        """Look at what it takes, again and again. Never returns."""
        limits = self._task.limits
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            used = await asyncio.to_thread(used_by, self._child.pid)
            if used.memory > limits.memory_mb << 20:
                raise OutOfMemory(limits.memory_mb)
            if used.cpu_seconds > limits.cpu_seconds:
                raise OutOfTime(limits.cpu_seconds)
            if used.processes > MOST_PROCESSES:
                raise PipelineError(f"the job ran more than {MOST_PROCESSES} processes")
            most = limits.disk_mb << 20
            if await asyncio.to_thread(held_bytes, Path(self._task.folder), most) > most:
                raise OutOfDisk(limits.disk_mb)


async def first(*work: Coroutine[Any, Any, Soulprint]) -> Soulprint:
    """The outcome of whichever ends first; the others are cancelled."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task in done).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
