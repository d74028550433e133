"""The process of one run: its pipeline, its ports, its processes for computing. It holds no connection and no key."""

import asyncio
import os
import pickle
import resource
import socket
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from gateway.confinement.confine import Bounds, close_inherited, filter_calls, restrict_access
from gateway.jobs.run.isolated.compute import ForkedCompute
from gateway.jobs.run.isolated.errors import failure_of
from gateway.jobs.run.isolated.ports import (
    RemoteChunks,
    RemoteExport,
    RemoteProgress,
    RemoteReadings,
    RemoteSink,
    RemoteSteps,
)
from gateway.jobs.run.isolated.protocol import HEADER, NO_MEMORY, Done, Failed, Limits, Task
from gateway.jobs.run.isolated.wire import Wire
from gateway.language.remote import RemoteLanguage
from pipelines.contract import Language, Ports
from pipelines.language.embedded import EmbeddedLanguage

CPU_GRACE_SECONDS = 2  # the worker adds up what all processes of a run took; each is ended soon after, without it


def run(channel: socket.socket) -> None:
    """Take the task, run it, tell the result, and end."""
    close_inherited(channel.fileno())
    task = msgspec.msgpack.decode(read_frame(channel), type=Task)
    limit(task.limits)
    with suppress(Exception):  # raised again, and told, where the run begins
        pickle.loads(task.pipeline)  # noqa: S301 - imports the pipeline, whose folder may not be listed from here on
    bounds = Bounds.of(Path(task.folder), network=task.network)
    restrict_access(bounds)
    restrict = partial(filter_calls, bounds)
    compute = ForkedCompute.start(task.compute_processes, task.limits.cpu_seconds, [channel], restrict)
    filter_calls(bounds, compute.pids)
    asyncio.run(serve(task, channel, compute))


def read_frame(channel: socket.socket) -> bytes:
    """The next frame. Raises EOFError when the worker is gone."""
    size = int.from_bytes(read_exactly(channel, HEADER), "big")
    return read_exactly(channel, size)


def read_exactly(channel: socket.socket, size: int) -> bytes:
    """So many bytes. Raises EOFError."""
    parts = bytearray()
    while len(parts) < size:
        part = channel.recv(size - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def limit(limits: Limits) -> None:
    """What this process, and each that it forks, may take. What a system does not know is left out."""
    memory, seconds = limits.memory_mb << 20, round(limits.cpu_seconds) + CPU_GRACE_SECONDS
    for name, soft, hard in (
        (resource.RLIMIT_DATA, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + CPU_GRACE_SECONDS),
        (resource.RLIMIT_FSIZE, limits.disk_mb << 20, limits.disk_mb << 20),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(name, (soft, hard))


async def serve(task: Task, channel: socket.socket, compute: ForkedCompute) -> None:
    """Run, tell how it ended, and end at once: threads that the pipeline left behind are not waited for."""
    async with Wire.over(channel) as wire:
        await wire.tell(await attempt(task, ports_of(task, wire, compute)))
        os._exit(0)


async def attempt(task: Task, ports: Ports) -> Done | Failed:
    """The run: its result, or its failure."""
    try:
        pipeline: Any = pickle.loads(task.pipeline)  # noqa: S301 - the worker's own
        return Done(await pipeline(task.request, ports))
    except MemoryError:
        os._exit(NO_MEMORY)
    except Exception as error:  # noqa: BLE001 - the edge of a run: whatever a pipeline raises is told
        return Failed(failure_of(error))


def ports_of(task: Task, wire: Wire, compute: ForkedCompute) -> Ports:
    """What the run is given: everything that it reads or writes goes through the worker."""
    engine = task.engine
    language: Language = EmbeddedLanguage(compute) if engine is None else RemoteLanguage(engine, wire.call_engine)
    return Ports(
        exports=RemoteExport(wire),
        stored_chunks=RemoteChunks(wire),
        language=language,
        sink=RemoteSink(wire),
        steps=RemoteSteps(wire),
        progress=RemoteProgress(wire),
        compute=compute,
        workdir=Path(task.folder),
        fact_concurrency=task.fact_concurrency,
        chunk_limit=task.chunk_limit,
        readings=RemoteReadings(wire),
    )
