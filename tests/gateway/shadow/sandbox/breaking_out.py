"""Pipelines that try to get out of a comparison's process, or to take more than it may."""

import asyncio
import json
import os
import time
from contextlib import suppress

from pipelines.contract import ImportRequest, Ports, Soulprint
from tests.gateway.confinement.attacks import target_of, try_all
from tests.gateway.jobs.scripted import soulprint_of

PROCESSES = 100
TARGET = "target.json"  # what stands outside


async def attacking(request: ImportRequest, ports: Ports) -> Soulprint:
    """Tries every way out, and says in its folder which were open; leaves processes behind that hide from a kill."""
    folder = ports.workdir
    left = [leave_process() for _ in range(3)]
    found = try_all(target_of((folder / TARGET).read_text(), folder))
    (folder / "found").write_text(json.dumps({"out": found, "left": left}))
    return soulprint_of(request, ["tea"])


def sleep() -> None:
    time.sleep(600)
    os._exit(0)


def leave_process() -> int:
    """A process whose parent has ended, with a session of its own where that is to be had."""
    ours, theirs = os.pipe()
    if os.fork() == 0:
        for leave in (os.setsid, lambda: os.setpgid(0, 0)):
            with suppress(OSError):
                leave()
        pid = os.fork()
        if pid == 0:
            sleep()
        os.write(theirs, str(pid).encode())
        os._exit(0)
    return int(os.read(ours, 100))


async def filling(request: ImportRequest, ports: Ports) -> Soulprint:
    """Many files, each of them small."""
    for number in range(1_000_000):
        (ports.workdir / str(number)).write_bytes(b"x")
        await asyncio.sleep(0)
    return soulprint_of(request, ["tea"])


async def holding(request: ImportRequest, ports: Ports) -> Soulprint:
    """Memory in processes of its own, each of which takes little; shared with others, which no limit counts."""
    import mmap

    for _ in range(3):
        if os.fork() == 0:
            held = mmap.mmap(-1, 64 << 20)
            held.write(b"x" * (64 << 20))
            sleep()
    await asyncio.Event().wait()
    return soulprint_of(request, [])


async def multiplying(request: ImportRequest, ports: Ports) -> Soulprint:
    """More processes than anybody needs."""
    for _ in range(PROCESSES):
        if os.fork() == 0:
            sleep()
    await asyncio.Event().wait()
    return soulprint_of(request, [])
