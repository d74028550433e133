"""Accepting a job: one transaction writes the job and its queue entry; requests that arrive together share it."""

import asyncio
import hashlib
from collections import deque
from collections.abc import Coroutine, Iterable
from operator import itemgetter
from types import TracebackType
from typing import Any, Self, cast

import msgspec
import psycopg
import structlog

from flags.evaluate.hashing import bucket
from flags.model import Decision
from gateway.database.end_tasks import end_tasks
from gateway.database.retry import AWAY, first_line
from gateway.errors import GatewayError, Refused, Unavailable
from gateway.jobs.accept.store import AcceptStore, Answers, QueueFull
from gateway.jobs.queue.names import queue_of
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.tracing.marks import UNTRACED, TracedAccept, Tracing

log = structlog.get_logger(__name__)

ACCEPT_SECONDS = 1.8  # an accept is answered within 2 s, whatever the database does
HOPELESS_SECONDS = 0.2  # too little time left to begin a commit
INLINE_BYTES_PER_SECOND = 10_000_000
RETRY_AFTER_SECONDS = 30
BATCH_ROWS = 256
COMMITS = 2  # at once, each on a connection of its own
PILE_ROWS = 8  # rows that are worth a second commit beside the first
INT32 = 2**31 - 1
CALLERS = (psycopg.DataError, psycopg.errors.ForeignKeyViolation)  # a user_id that is no UUID where ids are, or unknown


class NewJob(msgspec.Struct, frozen=True):
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


class Accepted(msgspec.Struct, frozen=True):
    """The committed job. `joined`: it was already under way for the same request, with the pipeline it got then."""

    job_id: str
    pipeline: str
    joined: bool


class Waiting(msgspec.Struct, frozen=True, eq=False):
    """A request between its decision and its commit."""

    new: NewJob
    row: dict[str, Any]
    deadline: float  # on the loop's clock
    answer: "asyncio.Future[Accepted]"


class Accepter:
    """Commits jobs. Rows gather while a commit is under way; a second one begins only when many have gathered."""

    def __init__(self, store: AcceptStore, metrics: Metrics, tracing: Tracing = UNTRACED) -> None:
        self._store = store
        self._metrics = metrics
        self._tracing = tracing
        self._waiting: deque[Waiting] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._committing: set[asyncio.Task[None]] = set()
        self._beginning = False
        self._open = False

    async def __aenter__(self) -> Self:
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        self._fail(self._waiting, Unavailable("the service is stopping"), "stopping")
        await end_tasks(self._tasks)
        await self._store.close()

    def accept(self, new: NewJob) -> Coroutine[Any, Any, Accepted]:
        """Answer when the job is committed. Raises `Unavailable` (nothing promised) or `Refused` (never will be)."""
        return self._accept_traced(new) if self._tracing.on else self._accept(new)

    async def _accept_traced(self, new: NewJob) -> Accepted:
        with self._tracing.accept(new.job_id, new.decision) as end:
            accepted = await self._accept(new)
            end(TracedAccept(accepted.job_id, accepted.pipeline, accepted.joined))
        return accepted

    async def _accept(self, new: NewJob) -> Accepted:
        if not self._open:
            raise Unavailable("the service is stopping")
        loop = asyncio.get_running_loop()
        waiting = Waiting(new, row_of(new), loop.time() + seconds_for(new), loop.create_future())
        if new.inline is not None:
            self._start(self._write_inline(waiting, new.inline))
        else:
            self._waiting.append(waiting)
            self._begin_commit()
        return await waiting.answer

    def _begin_commit(self) -> None:
        """Begin one in the loop's next turn, with all rows that have come by then, unless enough are under way."""
        enough = len(self._committing) >= COMMITS or (self._committing and len(self._waiting) < PILE_ROWS)
        if self._waiting and not self._beginning and not enough:
            self._beginning = True
            self._start(self._write_batch())

    async def _write_batch(self) -> None:
        self._beginning = False
        batch = self._next_batch()
        if not batch:
            return
        loop, task = asyncio.get_running_loop(), current()
        self._committing.add(task)
        self._begin_commit()
        started = loop.time()
        limit = loop.call_at(batch[0].deadline, self._give_up, batch, task)
        try:
            await self._commit(batch)
        finally:
            limit.cancel()
            self._committing.discard(task)
            self._begin_commit()
        self._metrics.accept_commit_seconds.observe(loop.time() - started)
        self._metrics.accept_batch_rows.observe(len(batch))

    def _next_batch(self) -> list[Waiting]:
        """The oldest rows, oldest first. Those with too little time left for a commit are answered now."""
        hopeless = asyncio.get_running_loop().time() + HOPELESS_SECONDS
        batch: list[Waiting] = []
        while self._waiting and len(batch) < BATCH_ROWS:
            waiting = self._waiting.popleft()
            if waiting.deadline < hopeless:
                self._fail([waiting], no_answer(), "database")
            else:
                batch.append(waiting)
        return batch

    async def _write_inline(self, waiting: Waiting, body: bytes) -> None:
        """A large row of its own, beside the batches."""
        limit = asyncio.get_running_loop().call_at(waiting.deadline, self._give_up, [waiting], current())
        try:
            await self._commit([waiting], body)
        finally:
            limit.cancel()

    def _give_up(self, batch: list[Waiting], task: "asyncio.Task[None]") -> None:
        """The database hangs: answer in time; the driver is not waited for: it waits for the server even to cancel."""
        self._fail(batch, no_answer(), "database")
        task.cancel()
        self._committing.discard(task)
        self._begin_commit()

    async def _commit(self, batch: list[Waiting], body: bytes | None = None) -> None:
        """Commit the batch and answer everyone in it; row by row if one of them is poisoned."""
        try:
            answers = await self._store.write(rows_of(batch), body)
        except QueueFull as full:
            self._answer(batch, full.under_way)
            self._fail(batch, Unavailable(f"too many {full.what} are waiting", RETRY_AFTER_SECONDS), "queue_full")
        except AWAY as error:
            log.warning("database_away", during="accept", error=first_line(error), requests=len(batch))
            self._fail(batch, Unavailable("the database is not available", RETRY_AFTER_SECONDS), "database")
        except psycopg.Error as error:
            if len(batch) == 1:
                self._refuse(batch, error)
                return
            for waiting in batch:
                await self._commit([waiting])
        except Exception as error:
            log.exception("accept_broke", requests=len(batch))
            self._metrics.unexpected_errors.labels("accept").inc()
            self._fail(batch, Unavailable(f"accepting failed: {type(error).__name__}"), "unexpected")
        else:
            self._answer(batch, answers)

    def _refuse(self, batch: list[Waiting], error: psycopg.Error) -> None:
        """A user that the database cannot hold or does not know is the caller's fault, all else is ours."""
        if isinstance(error, CALLERS):
            log.warning("accept_refused", error=type(error).__name__)
            self._fail(batch, Refused("user_id", "no user of this database has this id"), "refused")
            return
        log.error("accept_failed", error=first_line(error), error_type=type(error).__name__)  # a trace may quote values
        self._metrics.unexpected_errors.labels("accept").inc()
        self._fail(batch, Unavailable("the database cannot take this", RETRY_AFTER_SECONDS), "unexpected")

    def _answer(self, batch: Iterable[Waiting], answers: Answers) -> None:
        for waiting in batch:
            answer = answers.get(waiting.new.job_id)
            if answer is not None and not waiting.answer.done():
                waiting.answer.set_result(Accepted(*answer))

    def _fail(self, batch: Iterable[Waiting], error: GatewayError, reason: str) -> None:
        for waiting in batch:
            if not waiting.answer.done():
                self._metrics.accepts_refused.labels(reason).inc()
                waiting.answer.set_exception(error)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def rows_of(batch: Iterable[Waiting]) -> list[dict[str, Any]]:
    """The rows in one order of users everywhere: two processes waiting for each other's rows would be a deadlock."""
    return sorted((waiting.row for waiting in batch), key=itemgetter("user_id"))


def current() -> "asyncio.Task[None]":
    """The task that runs this."""
    return cast("asyncio.Task[None]", asyncio.current_task())


def no_answer() -> Unavailable:
    """What a caller is told when time is up: whether it was committed is not known, so nothing is promised."""
    return Unavailable("the database does not answer", RETRY_AFTER_SECONDS)


def seconds_for(new: NewJob) -> float:
    """How long an accept may take: under 2 s, and more for an export that travels along."""
    return ACCEPT_SECONDS + len(new.inline or b"") / INLINE_BYTES_PER_SECOND


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
        "dials": dials_of(decision, new.user_id),
        "pinned": new.pinned,
        "shadow": decision.shadow,
        "request_key": new.request_key,
        "inline": new.inline is not None,
        "queue": queue_of(decision.pipeline, decision.base),
    }


def dials_of(decision: Decision, user_id: str) -> list[tuple[str, float, bool, int]] | None:
    """The flags that were asked, newest version first: version, dial, whether it was on, the user's bucket."""
    chain = [(asked.pipeline, asked.dial, asked.on, bucket(asked.group, user_id)) for asked in decision.chain]
    return chain or None


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
