"""The ports of a run in a process of its own: each call is made by the worker, which holds the connections."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gateway.jobs.publish import encode_json
from gateway.jobs.run.isolated.protocol import NO_MEMORY, Worked
from gateway.jobs.run.isolated.wire import Waiting, Wire, value_of
from pipelines.contract import Chunk, Extraction, Portrait, Usage

T = TypeVar("T")


class RemoteExport:
    """The export, fetched by the worker into the run's folder."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def fetch(self) -> Path:
        return Path(await self._wire.call("fetch", str))


class RemoteChunks:
    """The user's chunks, read by the worker page by page."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._numbers = count()

    async def read(self) -> AsyncIterator[Sequence[Chunk]]:
        number = next(self._numbers)
        while page := await self._wire.call("next_chunks", tuple[Chunk, ...], number):
            yield page


class RemoteSink:
    """Hands chunks to the worker, which stages them."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def replace_chunks(self) -> None:
        await self._wire.call("replace_chunks", None)

    async def add_chunks(self, chunks: Sequence[Chunk]) -> None:
        await self._wire.call("add_chunks", None, chunks)


class RemoteProgress:
    """Tells the worker how far the run is."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def __call__(self, step: str, percent: int) -> None:
        await self._wire.call("progress", None, step, percent)


class RemoteReadings:
    """What the worker keeps of the user's conversations."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def load(self, keys: Sequence[str]) -> Mapping[str, Extraction]:
        found: dict[str, Extraction] = await self._wire.call("load_readings", dict[str, Extraction], keys)
        return found

    async def save(self, readings: Mapping[str, Extraction]) -> None:
        await self._wire.call("save_readings", None, readings)

    async def expect(self, usage: Usage) -> None:
        await self._wire.call("expect_usage", None, usage)

    async def load_portrait(self, key: str) -> Portrait | None:
        portrait: Portrait | None = await self._wire.call("load_portrait", Portrait | None, key)
        return portrait

    async def save_portrait(self, key: str, portrait: Portrait) -> None:
        await self._wire.call("save_portrait", None, key, portrait)


class RemoteSteps:
    """Steps that the worker keeps, times and stops; only their work is done here."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def run(self, name: str, version: int, type_: type[T], work: Callable[[], Awaitable[T]]) -> T:
        stored = await self._wire.call("load_step", str | None, name, version)
        if stored is not None:
            try:
                return msgspec.json.decode(stored, type=type_)
            except msgspec.MsgspecError:
                pass  # written by another version of the code: do it again
        number, waiting = await self._wire.ask("run_step", name, version)
        try:
            return await self._work(number, waiting, work)
        finally:
            self._wire.forget(number)

    async def _work(self, number: int, waiting: Waiting, work: Callable[[], Awaitable[T]]) -> T:
        either: tuple[asyncio.Future[Any], ...] = (waiting.begun, waiting.reply)
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if waiting.reply.done():
            value_of(waiting.reply.result(), None)  # it may not begin: raises why
        working = asyncio.create_task(self._within(number, work))
        try:
            both: tuple[asyncio.Future[Any], ...] = (working, waiting.reply)
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():  # the worker has ended the step: its time is over
                value_of(waiting.reply.result(), None)
            result = working.result()
            payload = encode_json(result)
        except MemoryError:
            os._exit(NO_MEMORY)
        except BaseException:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            await self._wire.tell(Worked(number, None))
            raise
        await self._wire.tell(Worked(number, payload))
        value_of(await waiting.reply, None)
        return result

    async def _within(self, number: int, work: Callable[[], Awaitable[T]]) -> T:
        """The work; the calls that it makes say of which step they are."""
        self._wire.step.set(number)
        return await work()
