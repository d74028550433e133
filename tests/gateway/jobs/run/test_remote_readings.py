"""A run in a process of its own keeps what was written, and has it revised, through the worker."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gateway.jobs.run.isolated.ports import RemoteReadings
from gateway.jobs.run.isolated.protocol import HEADER, Call, Said
from gateway.jobs.run.isolated.serving import Serving
from gateway.jobs.run.isolated.wire import Wire
from gateway.language.remote import RemoteLanguage, traits_of
from pipelines.contract import Change, Fact, Portrait, Revises, Usage
from tests.pipelines.language.provider.material import fact
from tests.pipelines.ports import EchoLanguage, MemoryReadings, MemorySteps, bench

KEPT = Portrait((fact("chess"),), {"user": {"interests": ["chess"]}}, memory="# MEMORY\n", usage=Usage(6, 100, 20, 0.5))


@dataclass
class Reviser(EchoLanguage):
    """An engine that takes what is added for the whole."""

    kept_as: str = "echo 1"
    written_as: str = "echo 2"

    async def revise(self, before: Portrait, facts: Sequence[Fact], change: Change) -> tuple[Portrait, Usage]:
        return msgspec.structs.replace(before, facts=(*facts, *change.added)), Usage(1)


class LoadedSteps(MemorySteps):
    """No step is stored."""

    async def load(self, name: str, version: int) -> None:
        """Nothing."""


async def listen(reader: asyncio.StreamReader, serving: Serving) -> None:
    while True:
        size = int.from_bytes(await reader.readexactly(HEADER), "big")
        said = msgspec.msgpack.decode(await reader.readexactly(size), type=Said)
        assert isinstance(said, Call)
        await serving.serve(said)


async def test_portraits_and_revisions_go_through_the_worker(tmp_path: Path) -> None:
    readings, engine = MemoryReadings(), Reviser()
    ports = bench(tmp_path, language=engine, readings=readings, steps=LoadedSteps()).ports
    here, there = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=here)
    async with Serving(ports, writer) as serving, Wire.over(there) as wire:
        worker = [asyncio.create_task(listen(reader, serving)), asyncio.create_task(serving.broken())]
        using = asyncio.create_task(use(wire, readings, engine))
        await asyncio.wait([using, *worker], return_when=asyncio.FIRST_COMPLETED)
        for task in worker:
            assert not task.done() or task.result()
            task.cancel()
        await using
        wire._writer.close()
    writer.close()


async def use(wire: Wire, readings: MemoryReadings, engine: Reviser) -> None:
    """What a run does with its ports, and what has come of it in the worker."""
    remote = RemoteReadings(wire)
    await remote.save_portrait("key", KEPT)
    assert readings.portraits == {"key": KEPT}
    assert await remote.load_portrait("key") == msgspec.structs.replace(KEPT, usage=Usage())
    assert await remote.load_portrait("another") is None
    language = RemoteLanguage(traits_of(engine), wire.call_engine)
    assert isinstance(language, Revises)
    assert language.written_as == "echo 2"
    revised, usage = await language.revise(KEPT, [fact("tea")], Change(added=(fact("rowing"),)))
    text, _ = await language.memory([fact("tea")], [fact("the exam")], {"words": 1.0}, [])
    assert ([one.value for one in revised.facts], usage) == (["tea", "rowing"], Usage(1))
    assert "- tea\n- the exam" in text
