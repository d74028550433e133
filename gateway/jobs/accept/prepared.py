"""One prepared statement on a connection, run by libpq alone: psycopg's own way costs a batch as much as two requests.

It says only whether the statement did what it should. Where it did not, the caller runs it again the usual way, which
raises the error or succeeds.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Final

from psycopg import pq

from gateway.database.pool import Connection

PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")


class Prepared:
    """The statement, its placeholders `%(name)s` each with a cast behind it, on a connection that nobody else uses."""

    def __init__(self, connection: Connection, name: str, sql: str) -> None:
        self.connection = connection
        self._name = name.encode("ascii")
        self._sql, self._order = numbered(sql)
        self._is_ready = False

    async def run(self, values: Mapping[str, Any]) -> bool:
        """Whether it succeeded. Raises psycopg's OperationalError where the connection is lost.

        When cancelled, the connection is in the middle of it, and only good for closing.
        """
        if not self._is_ready:
            await self.connection.execute(f"prepare {self._name.decode()} as {self._sql}", prepare=False)
            self._is_ready = True
        line = self.connection.pgconn
        line.send_query_prepared(self._name, [encoded(values[name]) for name in self._order])
        while line.flush():  # much was sent at once, and the server has not read it all
            await self._event(write=True)
            line.consume_input()
        done = True
        while (result := await self._next_result(line)) is not None:
            done = done and result.status == pq.ExecStatus.COMMAND_OK
        return done

    async def _next_result(self, line: pq.abc.PGconn) -> pq.abc.PGresult | None:
        """None once the server is ready for another statement: then it has committed, which takes the disk its time.

        Asked for what has not come, libpq waits by itself, and nothing else runs in the meantime.
        """
        while line.is_busy():
            await self._event(write=False)
            line.consume_input()
        return line.get_result()

    async def _event(self, *, write: bool) -> None:
        """Until the connection can be read, or written to or read: the server may have something to say first."""
        loop, number = asyncio.get_running_loop(), self.connection.pgconn.socket
        happened: asyncio.Future[None] = loop.create_future()
        loop.add_reader(number, wake, happened)
        if write:
            loop.add_writer(number, wake, happened)
        try:
            await happened
        finally:
            loop.remove_reader(number)
            if write:
                loop.remove_writer(number)


def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement with its parameters by number, and their names in that order."""
    order = tuple(dict.fromkeys(PLACEHOLDER.findall(sql)))
    return PLACEHOLDER.sub(lambda found: f"${order.index(found[1]) + 1}", sql), order


def encoded(value: str | None) -> bytes | None:
    """A value as libpq takes it."""
    return None if value is None else value.encode()


def wake(happened: "asyncio.Future[None]") -> None:
    """Tell whoever waits, once."""
    if not happened.done():
        happened.set_result(None)
