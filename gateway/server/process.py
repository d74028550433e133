"""The processes: a server with a worker beside it, or a worker alone; how they start, and their orderly stop."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace

import psycopg
import structlog

from gateway.config.hosts import is_loopback
from gateway.config.settings import Settings
from gateway.confinement.model import RESTRICTIONS, Confinement
from gateway.confinement.trial import enter_confinement
from gateway.database.retry import AWAY, first_line
from gateway.server.uvicorn_server import Server, settle_memory
from gateway.server.waiting_room import ReplaceableApp
from gateway.services import Role, Services, build_shadows, open_services
from gateway.web.app import create_app, create_worker_app
from gateway.worker.worker import Worker
from pipelines.registry import Registry

ASK_AGAIN_SECONDS = 1.0
ANSWER_SECONDS = 2  # within which a database has to let us in
log = structlog.get_logger(__name__)


async def serve(
    settings: Settings,
    listener: socket.socket,
    *,
    with_worker: bool = True,
    announce: Callable[[], None] = lambda: None,
    registry: Registry | None = None,
) -> None:
    """Serve on `listener` until SIGTERM or SIGINT. `announce` is called once requests are answered.

    `registry` stands in for the pipelines that are found, for a drill. A database at DATABASE_URL that is away is
    waited for; until it is there, requests are answered with 503.

    At the signal, claiming stops at once and readiness says so; for `drain_delay_seconds` requests are still answered.
    Then listening stops; open requests and running steps get the time that the settings allow.
    Raises what `open_services` raises.
    """
    process = Process(settings, announce)
    async with process.listening(listener), AsyncExitStack() as stack:
        services = await process.open_services(stack, "api", registry)
        if services is None:
            return
        if settings.cors_origins is None:
            log.info("cors_closed", detail="no web page may call; CORS_ORIGINS lists those that may")
        warn_if_open(settings)
        worker = build_worker(services) if with_worker else None
        alive = None if worker is None else worker.alive
        app = create_app(services, worker_alive=alive, stopping=process.stopping.is_set)
        async with asyncio.TaskGroup() as tasks:
            if worker is not None:
                tasks.create_task(worker.run(), name="worker")
            async with process.app.showing(app):
                process.begin()
                await process.stopping.wait()
                if worker is not None:
                    worker.stop()
                await process.drain()
                await process.stop_listening()


async def work(
    settings: Settings,
    listener: socket.socket,
    *,
    announce: Callable[[], None] = lambda: None,
    registry: Registry | None = None,
) -> None:
    """Run jobs until SIGTERM or SIGINT; metrics, health and readiness are served on `listener`.

    A database at DATABASE_URL that is away is waited for.
    """
    process = Process(settings, announce)
    async with process.listening(listener), AsyncExitStack() as stack:
        services = await process.open_services(stack, "worker", registry)
        if services is None:
            return
        worker = build_worker(services)
        async with (
            process.app.showing(create_worker_app(services, worker_alive=worker.alive)),
            asyncio.TaskGroup() as tasks,
        ):
            tasks.create_task(worker.run(), name="worker")
            process.begin()
            await process.stopping.wait()
            worker.stop()


def warn_if_open(settings: Settings) -> None:
    """Say who may ask for what is known of any user, where that is everybody who reaches the port."""
    if settings.gateway_api_keys is None and not is_loopback(settings.host):
        log.warning(
            "open_to_the_network",
            host=settings.host,
            detail="whoever reaches this port may read and start any user's jobs, and chat as any user: set "
            "GATEWAY_API_KEYS, or keep it on a private network",
        )


def build_worker(services: Services) -> Worker:
    """The worker of this process, which says from now on that it runs jobs."""
    services.steering.report.runs_jobs()
    return Worker(services, open_shadows=build_shadows)


class Process:
    """What both kinds of process do: answer from the first moment, wait for the database, stop when told."""

    def __init__(self, settings: Settings, announce: Callable[[], None]) -> None:
        self._settings = settings
        self._announce: Callable[[], None] | None = announce
        self._server: Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.app = ReplaceableApp()
        self.stopping = asyncio.Event()

    @asynccontextmanager
    async def listening(self, listener: socket.socket) -> AsyncIterator[None]:
        """Answer on `listener`, and stop on SIGTERM and SIGINT."""
        stop_on_signals(self.stopping.set)
        self._server = Server(
            self.app,
            lambda: None,
            body_seconds=self._settings.body_seconds,
            keep_alive_seconds=self._settings.keep_alive_seconds,
            connections_per_address=None if self._settings.trusted_proxies else self._settings.connections_per_address,
        )
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]), name="server")
        self._serving.add_done_callback(lambda _: self.stopping.set())  # should it end by itself
        try:
            yield
        finally:
            await self.stop_listening()
            await self._serving

    async def drain(self) -> None:
        """Answer for as long as it takes balancers to see that this process is not ready any more."""
        if self._server is not None and self._serving is not None and not self._serving.done():
            self._server.drain()
            await asyncio.wait({self._serving}, timeout=self._settings.drain_delay_seconds)

    async def stop_listening(self) -> None:
        """Return when open requests have been answered, or have had their time."""
        if self._server is not None and self._serving is not None:
            self._server.stop()
            await asyncio.wait({self._serving})

    async def open_services(self, stack: AsyncExitStack, role: Role, registry: Registry | None) -> Services | None:
        """The services, open as long as `stack` is; None when the process has to stop before the database is there.

        The embedded database is not waited for: should it not start, nobody else would start it.
        """
        url = self._settings.database_url
        confinement = enter_confinement()
        tell(confinement)
        while not self.stopping.is_set():
            try:
                if url is not None:
                    await greet(url.get_secret_value())
                opening = open_services(self._settings, role, registry=registry)
                return confined(await stack.enter_async_context(opening), confinement)
            except AWAY as error:
                if url is None:
                    raise
                await self._wait(error)
        return None

    def begin(self) -> None:
        """Everything is open."""
        settle_memory()
        self._say()

    async def _wait(self, error: BaseException) -> None:
        log.warning("database_away", during="start", error=first_line(error))
        self.app.waits_for(type(error).__name__)
        self._say()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), ASK_AGAIN_SECONDS)

    def _say(self) -> None:
        if self._announce is not None:
            self._announce()
            self._announce = None


def tell(confinement: Confinement) -> None:
    """Once, in the log."""
    if confinement.whole:
        log.info("confinement_tried", standing=confinement.standing)
    else:
        log.warning("confinement_incomplete", standing=confinement.standing, missing=dict(confinement.missing))


def confined(services: Services, confinement: Confinement) -> Services:
    """The services, with what was found, also as a metric."""
    for name in RESTRICTIONS:
        services.metrics.confinement.labels(name).set(name not in confinement.missing)
    return replace(services, confinement=confinement)


async def greet(url: str) -> None:
    """One connection, to know. Raises psycopg.OperationalError when the database is away."""
    await (await psycopg.AsyncConnection.connect(url, connect_timeout=ANSWER_SECONDS)).close()


def stop_on_signals(*stop: Callable[[], None]) -> None:
    """Call every `stop` on SIGTERM and SIGINT; and where the terminal closes, unless started to outlive it (nohup)."""
    loop = asyncio.get_running_loop()

    def stop_all(received: signal.Signals) -> None:
        log.info("stop_requested", signal=received.name)
        for one in stop:
            one()

    closing = (signal.SIGHUP,) if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL else ()
    for number in (signal.SIGTERM, signal.SIGINT, *closing):
        loop.add_signal_handler(number, stop_all, number)
