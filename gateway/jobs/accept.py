"""Accepting a job: one transaction writes the job and its queue entry; requests that arrive together share it."""

import asyncio
import hashlib
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import psycopg

from flags.model import Decision
from gateway.errors import GatewayError, Refused, Unavailable
from gateway.jobs.accept_store import AcceptStore, QueueFull
from gateway.metrics import Metrics

ACCEPT_SECONDS = 1.8  # an accept is answered within 2 s, whatever the database does
HOPELESS_SECONDS = 0.2  # too little time left to begin a commit
INLINE_BYTES_PER_SECOND = 10_000_000  # more time for exports that travel in the request
BATCH_ROWS = 256
INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class NewJob:
    """A validated request and its decision. `request_key` is equal for the same request of the same user."""

    job_id: str
    user_id: str
    storage_path: str | None
    conversation_count: int | None
    message_count: int | None
    decision: Decision
    pinned: bool
    request_key: str
    inline: bytes | None = None  # the export itself, when it came with the request


@dataclass(frozen=True, slots=True)
class Accepted:
    """The committed job. `joined`: it was already under way for the same request, with the pipeline it got then."""

    job_id: str
    pipeline: str
    joined: bool


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """A request between its decision and its commit."""

    new: NewJob
    row: dict[str, Any]
    deadline: float  # on the loop's clock
    answer: "asyncio.Future[Accepted]"


class Accepter:
    """Commits jobs. Rows gather while a commit is under way; at most one batch is in flight."""

    def __init__(self, store: AcceptStore, metrics: Metrics, *, retry_after_seconds: int = 30) -> None:
        self._store = store
        self._metrics = metrics
        self._retry_after_seconds = retry_after_seconds
        self._waiting: deque[Waiting] = deque()
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._open = False

    async def __aenter__(self) -> Self:
        self._open = True
        self._own(asyncio.create_task(self._write_batches(), name="accept"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._fail(self._waiting, Unavailable("the service is stopping"))
        await self._store.close()

    async def accept(self, new: NewJob) -> Accepted:
        """Answer when the job is committed. Raises `Unavailable` (nothing promised) or `Refused` (never will be)."""
        if not self._open:
            raise Unavailable("the service is stopping")
        loop = asyncio.get_running_loop()
        waiting = Waiting(new, row_of(new), loop.time() + ACCEPT_SECONDS, loop.create_future())
        if new.inline is not None:
            self._own(asyncio.create_task(self._write_inline(waiting, new.inline)))
        else:
            self._waiting.append(waiting)
            self._wake.set()
        return await waiting.answer

    async def _write_batches(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self._write_batch(self._next_batch())

    def _next_batch(self) -> list[Waiting]:
        size = min(len(self._waiting), BATCH_ROWS)
        batch = [self._waiting.popleft() for _ in range(size)]
        # One order of users everywhere: two processes that wait for each other's rows would be a deadlock.
        batch.sort(key=lambda waiting: waiting.new.user_id)
        return batch

    async def _write_batch(self, batch: list[Waiting]) -> None:
        now = asyncio.get_running_loop().time()
        late = [waiting for waiting in batch if waiting.deadline - now < HOPELESS_SECONDS]
        self._fail(late, Unavailable("the database does not answer", retry_after_seconds=self._retry_after_seconds))
        batch = [waiting for waiting in batch if waiting.deadline - now >= HOPELESS_SECONDS]
        if not batch:
            return
        seconds = min(waiting.deadline for waiting in batch) - now
        with self._metrics.accept_commit_seconds.time():
            await self._within(seconds, batch, self._commit(batch))
        self._metrics.accept_batch_rows.observe(len(batch))

    async def _write_inline(self, waiting: Waiting, body: bytes) -> None:
        seconds = ACCEPT_SECONDS + len(body) / INLINE_BYTES_PER_SECOND
        await self._within(seconds, [waiting], self._commit([waiting], body))

    async def _within(self, seconds: float, batch: Sequence[Waiting], work: Any) -> None:
        """Run `work` for at most `seconds`, then answer 503. A hanging connection is left to die by itself:
        the driver's own cancelling waits for the server, and the next batch must not."""
        task = asyncio.create_task(work)
        self._own(task)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            task.cancel()
            self._store.abandon(task)
            self._fail(
                batch, Unavailable("the database does not answer", retry_after_seconds=self._retry_after_seconds)
            )

    async def _commit(self, batch: list[Waiting], body: bytes | None = None) -> None:
        """Commit the batch and answer everyone in it, one by one if one of its rows is poisoned."""
        try:
            answers = await self._store.write([waiting.row for waiting in batch], body)
        except QueueFull as full:
            self._answer(batch, full.under_way)
            error = Unavailable("too many jobs are waiting", retry_after_seconds=self._retry_after_seconds)
            self._fail(batch, error, "queue_full")
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError):
            error = Unavailable("the database is not available", retry_after_seconds=self._retry_after_seconds)
            self._fail(batch, error, "database")
        except psycopg.Error as error:
            if len(batch) == 1:
                self._fail(batch, Refused(f"the database refuses this request: {first_line(error)}"), "refused")
            else:
                for waiting in batch:
                    await self._commit([waiting])
        else:
            self._answer(batch, answers)

    def _answer(self, batch: Sequence[Waiting], answers: Mapping[str, tuple[str, str, bool]]) -> None:
        for waiting in batch:
            answer = answers.get(waiting.new.job_id)
            if answer is not None and not waiting.answer.done():
                waiting.answer.set_result(Accepted(*answer))

    def _fail(self, batch: Sequence[Waiting] | deque[Waiting], error: GatewayError, reason: str = "database") -> None:
        for waiting in batch:
            if not waiting.answer.done():
                self._metrics.accepts_refused.labels(reason).inc()
                waiting.answer.set_exception(error)

    def _own(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def row_of(new: NewJob) -> dict[str, Any]:
    """The job as a row. Counts are what the caller says, clamped to what the column holds."""
    decision = new.decision
    return {
        "id": new.job_id,
        "user_id": new.user_id,
        "storage_path": new.storage_path,
        "conversation_count": clamp(new.conversation_count),
        "message_count": clamp(new.message_count),
        "pipeline": decision.pipeline,
        "reason": decision.reason,
        "dial": decision.dial,
        "flag_revision": decision.revision,
        "pinned": new.pinned,
        "shadow": decision.shadow,
        "request_key": new.request_key,
        "inline": new.inline is not None,
    }


def clamp(count: int | None) -> int | None:
    """`count` as a Postgres integer."""
    return None if count is None else max(-INT32, min(INT32, count))


def request_key(*parts: str | bytes) -> str:
    """A short key, equal for equal parts: long paths would not fit the index."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def first_line(error: BaseException) -> str:
    """A database error without its context lines, which may quote the caller's data."""
    return str(error).partition("\n")[0]
