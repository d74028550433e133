"""Using a run's ports for its process: what may fail there is answered, what ends the run is raised here."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from typing import Any, Protocol, Self

import msgspec

from gateway.jobs.run.isolated.errors import failure_of
from gateway.jobs.run.isolated.protocol import Call, Failure, Reply, Worked, pack
from gateway.language.remote import METHODS
from pipelines.contract import Chunk, Extraction, PipelineError, Portrait, Ports, Soulprint, Usage

CALLS_AT_ONCE = 64  # of one run; it is not listened to while so many are under way
NOTHING = msgspec.Raw(b"\xc0")
LATE_SECONDS = 10.0  # for which a run may go on with a step whose time is over
ARGUMENTS: dict[str, Any] = {
    "fetch": tuple[()],
    "next_chunks": tuple[int],
    "replace_chunks": tuple[()],
    "add_chunks": tuple[tuple[Chunk, ...]],
    "progress": tuple[str, int],
    "load_step": tuple[str, int],
    "load_readings": tuple[tuple[str, ...]],
    "save_readings": tuple[dict[str, Extraction]],
    "expect_usage": tuple[Usage],
    "load_portrait": tuple[str],
    "save_portrait": tuple[str, Portrait],
    "run_step": tuple[str, int],
    **{method: types[0] for method, types in METHODS.items()},
}


class StoresSteps(Protocol):
    """Steps whose work is done elsewhere: loaded, or run and stored, by the one who keeps them."""

    async def load(self, name: str, version: int) -> str | None: ...

    async def run_anew(self, name: str, version: int, work: Any) -> Any: ...


class WorkFailed(Exception):
    """The work of a step failed in its process, which tells how."""


class Serving:
    """Answers calls, each in a task of its own, for as long as its block lasts."""

    def __init__(self, ports: Ports, writer: asyncio.StreamWriter) -> None:
        self._ports = ports
        self._writer = writer
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(CALLS_AT_ONCE)
        self._broken: asyncio.Future[Soulprint] = asyncio.get_running_loop().create_future()
        self._work: dict[int, asyncio.Future[msgspec.Raw]] = {}
        self._pages: dict[int, AsyncIterator[Sequence[Chunk]]] = {}
        self._steps_under_way: dict[int, Context] = {}  # a call made during one is traced below it

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._broken.cancel()

    async def broken(self) -> Soulprint:
        """Never returns: raises what a port raised that ends the run, such as a lost claim."""
        return await self._broken

    async def serve(self, call: Call) -> None:
        """Begin to answer a call."""
        await self._free.acquire()
        if call.method == "run_step":  # it lasts as long as its work, which makes calls of its own
            self._free.release()
            self._work[call.id] = asyncio.get_running_loop().create_future()
        step = None if call.step is None else self._steps_under_way.get(call.step)
        task = asyncio.create_task(self._answer(call), context=step.copy() if step else None)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def finish_work(self, worked: Worked) -> None:
        """The work of a step is done, or has failed."""
        work = self._work.get(worked.id)
        if work is None or work.done():
            return
        if worked.payload is None:
            work.set_exception(WorkFailed())
        else:
            work.set_result(msgspec.Raw(worked.payload.encode()))

    async def _answer(self, call: Call) -> None:
        try:
            arguments = msgspec.msgpack.decode(call.arguments, type=ARGUMENTS[call.method])
            value = await self._use(call, arguments)
        except PipelineError as error:
            self._reply(call, failure=failure_of(error))
            if call.method == "run_step":
                await self._wait_for_end(call, error)
        except WorkFailed:
            self._reply(call)
        except Exception as error:  # noqa: BLE001 - whatever a port raises ends the run, as it does in this process
            self._break(error)
        else:
            self._reply(call, msgspec.Raw(msgspec.msgpack.encode(value)))
        finally:
            self._work.pop(call.id, None)
            self._steps_under_way.pop(call.id, None)
            if call.method != "run_step":
                self._free.release()

    def _break(self, error: Exception) -> None:
        if not self._broken.done():
            self._broken.set_exception(error)

    async def _wait_for_end(self, call: Call, error: PipelineError) -> None:
        """A step whose time is over is given up there, or its process is ended."""
        work = self._work[call.id]
        done, _ = await asyncio.wait({work}, timeout=LATE_SECONDS)
        if not done:
            self._break(error)
        elif not work.cancelled():
            work.exception()

    async def _use(self, call: Call, arguments: tuple[Any, ...]) -> Any:
        if call.method == "run_step":
            return await self._run_step(call, *arguments)
        ports = self._ports
        uses: dict[str, Callable[..., Awaitable[Any]]] = {
            "fetch": self._fetch,
            "next_chunks": self._next_page,
            "replace_chunks": ports.sink.replace_chunks,
            "add_chunks": ports.sink.add_chunks,
            "progress": ports.progress,
            "load_step": self._steps.load,
        }
        if ports.readings is not None:
            kept = ports.readings
            uses |= {"load_readings": kept.load, "save_readings": kept.save, "expect_usage": kept.expect}
            uses |= {"load_portrait": kept.load_portrait, "save_portrait": kept.save_portrait}
        use = uses.get(call.method) or getattr(ports.language, call.method)
        return await use(*arguments)

    async def _fetch(self) -> str:
        return str(await self._ports.exports.fetch())

    @property
    def _steps(self) -> StoresSteps:
        steps: Any = self._ports.steps
        stored: StoresSteps = steps
        return stored

    async def _run_step(self, call: Call, name: str, version: int) -> None:
        async def work() -> msgspec.Raw:
            self._steps_under_way[call.id] = copy_context()
            self._writer.write(pack(Reply(call.id, begin=True)))
            return await asyncio.shield(self._work[call.id])

        await self._steps.run_anew(name, version, work)

    async def _next_page(self, number: int) -> Sequence[Chunk]:
        """Nothing when all is read."""
        pages = self._pages.setdefault(number, aiter(self._ports.stored_chunks.read()))
        return await anext(pages, ())

    def _reply(self, call: Call, value: msgspec.Raw = NOTHING, failure: Failure | None = None) -> None:
        self._writer.write(pack(Reply(call.id, value, failure)))
