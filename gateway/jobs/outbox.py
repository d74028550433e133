"""Messages to the web back end: written by the finishing transaction, delivered at least once, the same each time."""

from pathlib import Path

import httpx
import structlog
from prometheus_client import Counter

from gateway.config.settings import Settings
from gateway.database.pool import Connection, Pool, load_sql
from gateway.jobs.queue.entries import message_entry
from gateway.jobs.queue.job_queue import JobQueue
from gateway.jobs.queue.procrastinate_queue import ProcrastinateQueue

SQL = load_sql(Path(__file__).with_name("outbox.sql"))
PATH = "/api/import/complete"
SWEPT_AT_ONCE = 2000
ATTEMPTS = 20  # over some nine hours
FIRST_WAIT, LONGEST_WAIT = 2.0, 3600.0  # seconds
log = structlog.get_logger(__name__)


class Outbox:
    """Delivers messages. The `Idempotency-Key` is the message's id: the receiver can tell a repetition."""

    def __init__(
        self,
        pool: Pool,
        settings: Settings,
        http: httpx.AsyncClient,
        deliveries: Counter,
        queue: JobQueue[Connection] | None = None,
    ) -> None:
        self._pool = pool
        self._queue = queue or ProcrastinateQueue(pool)
        self._skip = 0
        self._url = settings.vercel_api_url
        self._key = settings.rlm_api_key
        self._http = http
        self._deliveries = deliveries

    async def deliver(self, message_id: str) -> float | None:
        """Deliver one message. Seconds until the next try, None when it is over: delivered, refused, or given up."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL["load"], {"id": message_id})).fetchone()
        if row is None or self._url is None:
            return None
        payload, attempts = row
        error, final = await self._post(message_id, payload)
        final = final or attempts + 1 >= ATTEMPTS
        async with self._pool.connection() as connection:
            await connection.execute(SQL["record"], {"id": message_id, "error": error, "final": final})
        self._deliveries.labels("delivered" if error is None else "given_up" if final else "put_off").inc()
        if error is None or final:
            if error is not None:
                log.error("message_given_up", message_id=message_id, error=error)
            return None
        return min(FIRST_WAIT * float(2**attempts), LONGEST_WAIT)

    async def _post(self, message_id: str, payload: str) -> tuple[str | None, bool]:
        """POST it: the error, None when it was taken, and whether trying again is of no use."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": message_id}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        try:
            answer = await self._http.post(f"{(self._url or '').rstrip('/')}{PATH}", content=payload, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"{type(error).__name__}: {error}"[:300], False
        if answer.is_success:
            return None, True
        passing = answer.status_code >= 500 or answer.status_code in (401, 403, 404, 408, 425, 429)
        return f"HTTP {answer.status_code}", not passing

    async def sweep(self, older_than_seconds: float) -> int:
        """Enqueue waiting messages that have no live queue entry, of the next so many; how many there were."""
        async with self._pool.connection() as connection, connection.transaction():
            values = {"seconds": older_than_seconds, "skip": self._skip, "limit": SWEPT_AT_ONCE}
            open_ones = await (await connection.execute(SQL["find_open"], values)).fetchall()
            lost = await self._queue.lost(connection, [message_entry(message_id) for (message_id,) in open_ones])
            await self._queue.enqueue(connection, lost)
        self._skip = self._skip + SWEPT_AT_ONCE if len(open_ones) == SWEPT_AT_ONCE else 0
        await self._queue.tell({entry.queue for entry in lost})
        return len(lost)
