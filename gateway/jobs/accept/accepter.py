"""Accepting a job: one transaction writes the job and its queue entry; requests that arrive together share it.

One user's requests are committed in the order in which they came: no two commits under way hold the same user's.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, cast

import psycopg
import structlog

from gateway.database.end_tasks import end_tasks
from gateway.database.retry import AWAY, first_line
from gateway.errors import GatewayError, Refused, Unavailable
from gateway.jobs.accept.rows import NewJob, row_of
from gateway.jobs.accept.store import AcceptStore, Answers, QueueFull
from gateway.jobs.accept.waiting import (
    RETRY_AFTER_SECONDS,
    Accepted,
    Waiting,
    no_answer,
    rows_of,
    seconds_for,
)
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.tracing.marks import UNTRACED, TracedAccept, Tracing

log = structlog.get_logger(__name__)

HOPELESS_SECONDS = 0.2  # too little time left to begin a commit
BATCH_ROWS = 256
COMMITS = 2  # at once, each on a connection of its own
PILE_ROWS = 8  # rows that are worth a second commit beside the first
CALLERS = (psycopg.DataError, psycopg.errors.ForeignKeyViolation)  # a user_id that is no UUID where ids are, or unknown


class Accepter:
    """Commits jobs. Rows gather while a commit is under way; a second one begins only when many have gathered."""

    def __init__(
        self,
        store: AcceptStore,
        metrics: Metrics,
        tracing: Tracing = UNTRACED,
        tell: Callable[[Collection[str]], None] = lambda _queues: None,
    ) -> None:
        """`tell` is called after each commit, with the queues in which something waits now."""
        self._store = store
        self._tell = tell
        self._metrics = metrics
        self._tracing = tracing
        self._waiting: deque[Waiting] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._committing: set[asyncio.Task[None]] = set()
        self._open_requests: dict[tuple[str, str], Waiting] = {}  # not answered yet, by what is asked for
        self._users: dict[str, object] = {}  # whose rows are in a commit under way, and in which
        self._all_held = False  # what waits is of users who are in a commit under way
        self._limits: dict[tuple[str, str], asyncio.TimerHandle] = {}  # of those, until when they are answered
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
        answer: asyncio.Future[Accepted] = loop.create_future()
        row = row_of(new)
        if (first := self._open_requests.get(row.request)) is not None:
            first.same.append(answer)
        else:
            waiting = Waiting(new, row, loop.time() + seconds_for(new), answer, [])
            self._open_requests[row.request] = waiting
            self._waiting.append(waiting)
            self._all_held = self._all_held and row.user_id in self._users
            self._begin_commit()
        return await answer

    def _begin_commit(self) -> None:
        """Begin one in the loop's next turn, with all rows that have come by then, unless enough are under way."""
        enough = len(self._committing) >= COMMITS or (self._committing and len(self._waiting) < PILE_ROWS)
        if self._waiting and not self._beginning and not enough and not self._all_held:
            self._beginning = True
            self._start(self._write_batch())

    async def _write_batch(self) -> None:
        self._beginning = False
        batch = self._next_batch()
        if not batch:
            self._all_held = bool(self._waiting)
            return
        loop, task = asyncio.get_running_loop(), current()
        self._committing.add(task)
        started = loop.time()
        limit = loop.call_at(batch[0].deadline, self._give_up, batch, task)
        with self._holding(batch):
            self._begin_commit()
            try:
                await self._commit(batch)
            finally:
                limit.cancel()
                self._committing.discard(task)
        self._metrics.accept_commit_seconds.observe(loop.time() - started)
        self._metrics.accept_batch_rows.observe(len(batch))

    def _next_batch(self) -> list[Waiting]:
        """The oldest rows, oldest first, of users who are in no other commit; a large row begins one of its own.

        Those with too little time left for a commit are answered now.
        """
        hopeless = asyncio.get_running_loop().time() + HOPELESS_SECONDS
        batch: list[Waiting] = []
        held: list[Waiting] = []
        passed: set[str] = set()  # users with a row that is left for a later commit
        while self._waiting and len(batch) < BATCH_ROWS:
            waiting = self._waiting.popleft()
            user = waiting.row.user_id
            if self._open_requests.get(waiting.row.request) is not waiting:
                continue  # answered: its time was up
            if waiting.deadline < hopeless:
                self._fail([waiting], no_answer(), "database")
            elif user in self._users or user in passed:
                held.append(waiting)
                passed.add(user)
            elif waiting.new.inline is not None:
                if any(one.row.user_id == user for one in batch):
                    held.append(waiting)
                    passed.add(user)
                else:
                    alone = [waiting]
                    self._users[user] = alone
                    self._start(self._write_inline(alone, waiting.new.inline))
            else:
                batch.append(waiting)
        self._waiting.extendleft(reversed(held))
        for waiting in held:
            self._limit(waiting)
        return batch

    def _limit(self, waiting: Waiting) -> None:
        """Answer it in time, however long the commit takes that it waits for: a large export has longer than others."""
        if waiting.row.request not in self._limits:
            loop = asyncio.get_running_loop()
            limit = loop.call_at(waiting.deadline, self._fail, [waiting], no_answer(), "database")
            self._limits[waiting.row.request] = limit

    @contextmanager
    def _holding(self, batch: Sequence[Waiting]) -> Iterator[None]:
        """Keep these users out of other commits; then begin with whatever waits."""
        self._users |= dict.fromkeys((waiting.row.user_id for waiting in batch), batch)
        try:
            yield
        finally:
            self._release(batch)

    def _release(self, batch: Sequence[Waiting]) -> None:
        """Let the users' next rows be committed, and begin with whatever waits."""
        for waiting in batch:
            if self._users.get(waiting.row.user_id) is batch:
                del self._users[waiting.row.user_id]
        self._all_held = False
        self._begin_commit()

    async def _write_inline(self, alone: list[Waiting], body: bytes) -> None:
        """A large row of its own, beside the batches."""
        limit = asyncio.get_running_loop().call_at(alone[0].deadline, self._give_up, alone, current())
        with self._holding(alone):
            try:
                await self._commit(alone, body)
            finally:
                limit.cancel()

    def _give_up(self, batch: list[Waiting], task: "asyncio.Task[None]") -> None:
        """The database hangs: answer in time; the driver is not waited for: it waits for the server even to cancel."""
        self._fail(batch, no_answer(), "database")
        task.cancel()
        self._committing.discard(task)
        self._release(batch)

    async def _commit(self, batch: list[Waiting], body: bytes | None = None) -> None:
        """Commit the batch and answer everyone in it; row by row if one of them is poisoned."""
        try:
            answers = await self._store.write(rows_of(batch), body)
            self._tell({one.row.terms.queue for one in batch if not answers[one.new.job_id][2]})
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
            if answer is not None and self._close(waiting):
                accepted = Accepted(*answer)
                if not waiting.answer.done():
                    waiting.answer.set_result(accepted)
                for other in waiting.same:
                    if not other.done():
                        other.set_result(Accepted(accepted.job_id, accepted.pipeline, joined=True))

    def _fail(self, batch: Iterable[Waiting], error: GatewayError, reason: str) -> None:
        for waiting in batch:
            if self._close(waiting):
                for answer in (waiting.answer, *waiting.same):
                    if not answer.done():
                        self._metrics.accepts_refused.labels(reason).inc()
                        answer.set_exception(error)

    def _close(self, waiting: Waiting) -> bool:
        """From now on, the same request is another one. False where it was answered before."""
        still_open = self._open_requests.get(waiting.row.request) is waiting
        if still_open:
            del self._open_requests[waiting.row.request]
            if (limit := self._limits.pop(waiting.row.request, None)) is not None:
                limit.cancel()
        return still_open

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def current() -> "asyncio.Task[None]":
    """The task that runs this."""
    return cast("asyncio.Task[None]", asyncio.current_task())
