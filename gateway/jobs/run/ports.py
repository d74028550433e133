"""The ports of a primary run: the export's file, the user's chunks, staging, finished steps, progress, readings."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from gateway.database.pool import Pool, load_sql
from gateway.database.retry import retry_while_away
from gateway.jobs.model import Claim, ClaimLost
from gateway.jobs.publish import clean, encode_json
from gateway.jobs.store import JobStore
from gateway.telemetry.tracing.marks import UNTRACED
from pipelines.contract import Chunk, ExportError, Extraction, PipelineError, Portrait, Usage

T = TypeVar("T")
SQL = load_sql(Path(__file__).with_name("ports.sql"))
PAGE = 500  # chunks read at a time
WRITTEN = "written/"  # begins the keys of what was written; those of what was read have no slash
PROGRESS_SECONDS = 0.5  # the same step is written this often at most


class FetchesExports(Protocol):
    """The part of an export store that a run needs."""

    async def fetch(self, storage_path: str, to: Path) -> None: ...


async def nobody_waits() -> None:
    """Nothing follows when an export has arrived."""


async def nobody_is_told(_expected: Usage) -> None:
    """What a job will take is of no interest."""


@dataclass(slots=True)
class JobExport:
    """The job's export as a local file: from the export store, or as it came with the request."""

    pool: Pool
    store: FetchesExports
    claim: Claim
    workdir: Path
    arrived: Callable[[], Awaitable[None]] = nobody_waits  # told when the store gave it
    path: Path | None = None

    async def fetch(self) -> Path:
        if self.path is None:
            path = self.workdir / "export"
            if self.claim.job.inline:
                await retry_while_away(lambda: self._write_inline(path))
            elif self.claim.job.storage_path:
                await self.store.fetch(self.claim.job.storage_path, path)
                await self.arrived()
            else:
                raise ExportError("the request has no export")
            self.path = path
        return self.path

    async def _write_inline(self, path: Path) -> None:
        async with self.pool.connection() as connection:
            cursor = await connection.execute(SQL["read_input"], {"id": self.claim.job.id}, binary=True)
            row = await cursor.fetchone()
        if row is None:
            raise ExportError("the export that came with the request is gone: send it again")
        await asyncio.to_thread(path.write_bytes, row[0])


@dataclass(frozen=True, slots=True)
class UserChunks:
    """The chunks that the user has, page by page, those of one conversation together."""

    pool: Pool
    user_id: str

    async def read(self) -> AsyncIterator[Sequence[Chunk]]:
        after: tuple[Any, Any, Any] = (datetime.min, "", "00000000-0000-0000-0000-000000000000")
        while rows := await retry_while_away(lambda after=after: self._page(*after)):  # type: ignore[misc]
            yield [Chunk(*row[1:]) for row in rows]
            after = (rows[-1][5], rows[-1][1], rows[-1][0])

    async def _page(self, time_: datetime, conversation: str, id_: str) -> list[tuple[Any, ...]]:
        values = {"user": self.user_id, "time": time_, "conversation": conversation, "id": id_, "page": PAGE}
        values["first"] = time_ == datetime.min
        async with self.pool.connection() as connection:
            return await (await connection.execute(SQL["read_chunks"], values)).fetchall()


class StagingSink:
    """Stages chunks for the finishing transaction; a worker that lost its claim stages nothing."""

    def __init__(self, pool: Pool, claim: Claim) -> None:
        self._pool = pool
        self._claim = claim
        self._next: int | None = None

    async def replace_chunks(self) -> None:
        await retry_while_away(lambda: self._stage(0, ()))
        self._next = 0

    async def add_chunks(self, chunks: Sequence[Chunk]) -> None:
        if self._next is None:
            self._next = await retry_while_away(self._count)
        start = self._next
        await retry_while_away(lambda: self._stage(start, chunks))
        self._next = start + len(chunks)

    async def _stage(self, start: int, chunks: Sequence[Chunk]) -> None:
        """Make `chunks` the rows from `start` on: repeating it gives the same rows."""
        async with self._pool.connection() as connection, connection.transaction():
            held = await connection.execute(SQL["hold"], self._claim.key)
            if await held.fetchone() is None:
                raise ClaimLost(f"job {self._claim.job.id}: staging refused")
            await connection.execute(SQL["forget_from"], {**self._claim.key, "start": start})
            async with connection.cursor() as cursor, cursor.copy(SQL["stage"]) as copy:
                for n, chunk in enumerate(chunks, start):
                    await copy.write_row((self._claim.job.id, n, *_row(chunk)))

    async def _count(self) -> int:
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL["count_staged"], self._claim.key)).fetchone()
        return int(row[0]) if row else 0


def _row(chunk: Chunk) -> tuple[Any, ...]:
    return (
        clean(chunk.conversation_id), clean(chunk.title), clean(chunk.content), chunk.message_count,
        chunk.created_at, chunk.is_recent, chunk.tier,
    )  # fmt: skip


class StoredSteps:
    """Steps kept in the database. `before` is called before each step that has to run: the place to stop at."""

    def __init__(  # noqa: PLR0913 - one keyword a concern
        self,
        pool: Pool,
        claim: Claim,
        *,
        time_limit: float,
        before: Callable[[], None] = lambda: None,
        observe: Callable[[str, float], None] = lambda _step, _seconds: None,
        trace: Callable[[str], AbstractContextManager[None]] = UNTRACED.step,
        prefix: str = "",
    ) -> None:
        self._pool = pool
        self._claim = claim
        self._time_limit = time_limit
        self._before = before
        self._observe = observe
        self._trace = trace
        self._prefix = prefix

    async def run(self, name: str, version: int, type_: type[T], work: Callable[[], Awaitable[T]]) -> T:
        stored = await self.load(name, version)
        if stored is not None:
            try:
                return msgspec.json.decode(stored, type=type_)
            except msgspec.MsgspecError:
                pass  # written by another version of the code: do it again
        return await self.run_anew(name, version, work)

    async def load(self, name: str, version: int) -> str | None:
        """The stored payload as JSON; None when there is none of this version."""
        return await retry_while_away(lambda: self._load(self._prefix + name, version))

    async def run_anew(self, name: str, version: int, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work`, whatever is stored, and store what it gives."""
        self._before()
        began = time.monotonic()
        with self._trace(name):
            result = await self._within_limit(name, work)
        seconds = time.monotonic() - began
        payload = encode_json(result)
        await retry_while_away(lambda: self._save(self._prefix + name, version, payload, seconds))
        self._observe(name, seconds)
        return result

    async def _within_limit(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self._time_limit) as limit:
                return await work()
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise PipelineError(f"step {name} took longer than {self._time_limit:g} s", retryable=True) from error

    async def _load(self, step: str, version: int) -> str | None:
        async with self._pool.connection() as connection:
            values = {**self._claim.key, "step": step, "version": version}
            row = await (await connection.execute(SQL["load_step"], values)).fetchone()
        return None if row is None else str(row[0])

    async def _save(self, step: str, version: int, payload: str, seconds: float) -> None:
        values = {"step": step, "version": version, "payload": payload, "seconds": seconds}
        async with self._pool.connection() as connection:
            cursor = await connection.execute(SQL["save_step"], {**self._claim.key, **values})
            if cursor.rowcount == 0:
                raise ClaimLost(f"job {self._claim.job.id}: step {step} refused")


class JobProgress:
    """Writes progress where clients look: forwards only, and not more often than they poll."""

    def __init__(
        self,
        store: JobStore,
        claim: Claim,
        note_life: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._claim = claim
        self._note_life = note_life
        self._clock = clock
        self._last: tuple[str, int] = ("", 0)
        self._written_at = float("-inf")

    async def __call__(self, step: str, percent: int) -> None:
        percent = min(max(percent, self._last[1]), 99)  # 100 is the finishing transaction's
        self._note_life()
        now = self._clock()
        if step == self._last[0] and (percent == self._last[1] or now - self._written_at < PROGRESS_SECONDS):
            return
        await retry_while_away(lambda: self._store.progress(self._claim, step, percent))
        self._last, self._written_at = (step, percent), now


class UserReadings:
    """What engines that are paid read in the user's conversations; a worker that lost its claim keeps nothing."""

    def __init__(self, pool: Pool, claim: Claim, told: Callable[[Usage], Awaitable[None]] = nobody_is_told) -> None:
        self._pool = pool
        self._claim = claim
        self._told = told

    async def expect(self, usage: Usage) -> None:
        await self._told(usage)

    async def load(self, keys: Sequence[str]) -> Mapping[str, Extraction]:
        found: dict[str, Extraction] = {}
        for key, payload in await retry_while_away(lambda: self._load(keys)):
            with suppress(msgspec.MsgspecError):  # written by another version of the code: it is read again
                found[key] = msgspec.json.decode(payload, type=Extraction)
        return found

    async def save(self, readings: Mapping[str, Extraction]) -> None:
        if readings:
            payloads = {key: encode_json(reading) for key, reading in readings.items()}
            await retry_while_away(lambda: self._save(payloads))

    async def load_portrait(self, key: str) -> Portrait | None:
        for _, payload in await retry_while_away(lambda: self._load([self._name(key)])):
            with suppress(msgspec.MsgspecError):  # written by another version of the code: it is written again
                return msgspec.json.decode(payload, type=Portrait)
        return None

    async def save_portrait(self, key: str, portrait: Portrait) -> None:
        payload = encode_json(portrait)
        await retry_while_away(lambda: self._save({self._name(key): payload}))

    def _name(self, key: str) -> str:
        """Each version keeps its own."""
        return f"{WRITTEN}{self._claim.job.pipeline}/{key}"

    async def _load(self, keys: Sequence[str]) -> list[tuple[str, str]]:
        values = {"keys": list(keys), "id": self._claim.job.id}
        async with self._pool.connection() as connection:
            return await (await connection.execute(SQL["load_readings"], values)).fetchall()

    async def _save(self, payloads: Mapping[str, str]) -> None:
        values = {"keys": list(payloads), "payloads": list(payloads.values())}
        async with self._pool.connection() as connection:
            cursor = await connection.execute(SQL["save_readings"], {**self._claim.key, **values})
            if await cursor.fetchone() is None:
                raise ClaimLost(f"job {self._claim.job.id}: what was read is refused")
