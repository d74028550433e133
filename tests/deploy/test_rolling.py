"""A deploy: the new version starts beside the old one, takes over, and no accept fails meanwhile."""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from tests.gateway.server.test_process import STOP_SECONDS, serving, until_ready

pytestmark = pytest.mark.scene

CLIENTS = 4
BETWEEN = 40  # answers that must have come before the next act of the deploy begins


class Balancer:
    """What a platform has in front: each connection goes to the first process of a list that takes it."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.taken: Counter[int] = Counter()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for port in list(self.ports):
            with contextlib.suppress(ConnectionRefusedError):
                back_reader, back_writer = await asyncio.open_connection("127.0.0.1", port)
                self.taken[port] += 1
                await asyncio.gather(pump(reader, back_writer), pump(back_reader, writer))
                return
        writer.close()


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Bytes from one to the other until the first ends."""
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()


class Callers:
    """The web back end: many users' requests, each over a connection of its own."""

    def __init__(self, url: str) -> None:
        self.answers: Counter[str] = Counter()
        self._url = url
        self._numbers = count()
        self._stop = asyncio.Event()

    async def call(self) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(base_url=self._url, timeout=20, limits=limits) as client:
            while not self._stop.is_set():
                user = f"u{next(self._numbers)}"
                body = {"user_id": user, "storage_path": f"user-imports/{user}/raw-1.json"}
                try:
                    answer = str((await client.post("/process-full", json=body)).status_code)
                except httpx.HTTPError as error:
                    answer = type(error).__name__
                self.answers[answer] += 1

    async def until(self, enough: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not enough():  # noqa: ASYNC110 - many callers bring it about
                await asyncio.sleep(0.02)

    async def some_more(self) -> None:
        """Until a number of further answers has come."""
        target = self.answers.total() + BETWEEN
        await self.until(lambda: self.answers.total() >= target)

    def stop(self) -> None:
        self._stop.set()


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


async def test_no_accept_fails_while_a_new_version_takes_over(database_url: str, tmp_path: Path) -> None:
    balancer = Balancer()
    async with balancer.listening() as url, serving(database_url, tmp_path, "--no-worker") as (old, old_url):
        await until_ready_at(old_url)
        balancer.ports = [port_of(old_url)]
        callers = Callers(url)
        async with asyncio.TaskGroup() as tasks:
            calling = [tasks.create_task(callers.call()) for _ in range(CLIENTS)]
            await callers.some_more()
            async with serving(database_url, tmp_path, "--no-worker") as (new, new_url):
                await until_ready_at(new_url)
                balancer.ports = [port_of(new_url)]  # as platforms do: first unrouted, a little later told to stop
                await callers.some_more()
                old.send_signal(signal.SIGTERM)
                assert await asyncio.wait_for(old.wait(), STOP_SECONDS) == 0
                await callers.some_more()
                callers.stop()
                await asyncio.gather(*calling)
                assert new.returncode is None
    assert set(callers.answers) == {"200"}
    assert min(balancer.taken.values()) >= BETWEEN  # both served
    assert await jobs(database_url) == callers.answers["200"]


class ReadinessBalancer(Balancer):
    """A plain one: passes on to whatever answered /ready with 200 when it last looked, and tries nothing twice."""

    def __init__(self, *urls: str) -> None:
        super().__init__()
        self._urls = urls

    async def look(self) -> None:
        """Look for ever."""
        async with httpx.AsyncClient(timeout=5) as client:
            while True:
                found = [port_of(url) for url in self._urls if await is_ready(client, url)]
                self.ports = found[-1:]  # the newest
                await asyncio.sleep(0.2)


async def is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/ready")).is_success
    except httpx.HTTPError:
        return False


async def test_behind_a_plain_balancer_a_sigterm_alone_refuses_nothing(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAIN_DELAY_SECONDS", "5")
    async with (
        serving(database_url, tmp_path, "--no-worker") as (first, first_url),
        serving(database_url, tmp_path, "--no-worker") as (second, second_url),
    ):
        await until_ready_at(first_url)
        await until_ready_at(second_url)
        balancer = ReadinessBalancer(first_url, second_url)
        async with balancer.listening() as url, asyncio.TaskGroup() as tasks:
            looking = tasks.create_task(balancer.look())
            callers = Callers(url)
            await callers.until(lambda: bool(balancer.ports))
            calling = [tasks.create_task(callers.call()) for _ in range(CLIENTS)]
            await callers.some_more()
            second.send_signal(signal.SIGTERM)  # the one that is routed to
            assert await asyncio.wait_for(second.wait(), STOP_SECONDS) == 0
            await callers.some_more()
            callers.stop()
            await asyncio.gather(*calling)
            looking.cancel()
            assert first.returncode is None
    assert set(callers.answers) == {"200"}
    assert min(balancer.taken.values()) >= BETWEEN  # both served
    assert await jobs(database_url) == callers.answers["200"]


async def until_ready_at(url: str) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=20) as client:
        await until_ready(client)


async def jobs(database_url: str) -> int:
    """How many jobs there are, one for each user."""
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        row = await (await connection.execute("select count(*) from processing_jobs")).fetchone()
        return 0 if row is None else int(row[0])
