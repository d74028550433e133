"""Pipelines that a shadow's process can import: a good one, and one for each way to be a bad guest."""

import asyncio
import os
import sys
import time
from pathlib import Path

import msgspec

from pipelines.contract import Chunk, ImportRequest, PipelineError, Ports, Soulprint
from pipelines.memory.remember import Import, remember
from tests.gateway.jobs.scripted import chunks_of, quick, read_words, soulprint_of


async def good(request: ImportRequest, ports: Ports) -> Soulprint:
    """The primary of most tests."""
    return await quick(request, ports)


async def forgetful(request: ImportRequest, ports: Ports) -> Soulprint:
    """Loses the last word."""
    words = await ports.compute(read_words, str(await ports.exports.fetch()))
    await ports.sink.add_chunks(chunks_of(request, words[:-1]))
    return soulprint_of(request, words[:-1])


async def refusing(request: ImportRequest, ports: Ports) -> Soulprint:
    raise PipelineError("no")


async def away(request: ImportRequest, ports: Ports) -> Soulprint:
    raise PipelineError("the service is away", retryable=True)


async def breaking(request: ImportRequest, ports: Ports) -> Soulprint:
    raise KeyError("a mistake")


async def crashing(request: ImportRequest, ports: Ports) -> Soulprint:
    os.abort()


async def hanging(request: ImportRequest, ports: Ports) -> Soulprint:
    """Not even the event loop turns; its process id is told."""
    _tell(ports, str(os.getpid()))
    while True:
        time.sleep(1)  # noqa: ASYNC251 - that is the point


async def waiting(request: ImportRequest, ports: Ports) -> Soulprint:
    """Never done, and starts another process that would outlive it."""
    child = await asyncio.create_subprocess_exec("sleep", "600")
    _tell(ports, f"{os.getpid()} {child.pid}")
    await asyncio.Event().wait()
    raise AssertionError


async def greedy(request: ImportRequest, ports: Ports) -> Soulprint:
    held = []
    while True:
        held.append(bytearray(16 << 20))


async def flooding(request: ImportRequest, ports: Ports) -> Soulprint:
    chunk = Chunk("c", "t", "x" * 1_000_000, 1, request.accepted_at, is_recent=True, tier="medium")
    while True:
        await ports.sink.add_chunks([chunk] * 100)


async def chatty(request: ImportRequest, ports: Ports) -> Soulprint:
    """Prints where answers go."""
    print("x" * 100_000)
    sys.stdout.flush()
    os.write(1, b"\x00\x00\x00\x05hello")
    return await quick(request, ports)


async def scribbling(request: ImportRequest, ports: Ports) -> Soulprint:
    """Looks for every way out that its process might have, and says in its result which of them are open."""
    words = await ports.compute(read_words, str(await ports.exports.fetch()))
    secrets = [name for name in os.environ if any(part in name for part in ("DATABASE", "KEY", "TOKEN", "SUPABASE"))]
    return soulprint_of(request, [*words, *secrets, *_ways_out()])


def _ways_out() -> list[str]:
    return [f"socket {fd.name}" for fd in list(Path("/proc/self/fd").iterdir()) if _leads_out(fd)]


def _leads_out(link: Path) -> bool:
    """Is this an open connection to Postgres, or to anything on the network?"""
    try:
        target = str(link.readlink())
    except OSError:
        return False
    if not target.startswith("socket:["):
        return False
    inode = target.removeprefix("socket:[").removesuffix("]")
    of_network = any(inode in line.split() for line in Path("/proc/net/tcp").read_text().splitlines())
    named = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()]
    return of_network or any(inode in parts and len(parts) > 7 for parts in named)


def _tell(ports: Ports, what: str) -> None:
    """Leave a note where the test looks: in the shadow's folder, the only one that it can write to."""
    (ports.workdir / "note").write_text(what)


async def remembering(request: ImportRequest, ports: Ports) -> Soulprint:
    """Tells how much it knew before, and remembers the words."""
    result = await quick(request, ports)
    memory = remember(request.memory, result.facts, Import(request.job_id, request.accepted_at))
    return msgspec.structs.replace(result, memory=memory, memory_md=f"{len(request.memory.facts)} facts were known")
