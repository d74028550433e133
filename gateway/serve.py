"""The processes: a server with a worker beside it, or a worker alone; how they start, and their orderly stop."""

import asyncio
import signal
import socket
from collections.abc import Callable

import structlog

from gateway.app import create_app, create_worker_app
from gateway.registry import Registry
from gateway.server import Server, settle_memory
from gateway.services import build_shadows, open_services
from gateway.settings import Settings
from gateway.worker import Worker

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

    `registry` stands in for the pipelines that are found, for a drill.

    At the signal, listening and claiming stop at once; open requests and running steps get the time that the settings
    allow. Raises what `open_services` raises.
    """
    async with open_services(settings, "api", registry=registry) as services, asyncio.TaskGroup() as tasks:
        worker = Worker(services, open_shadows=build_shadows) if with_worker else None
        app = create_app(services, worker_alive=None if worker is None else worker.alive)

        def listening() -> None:
            settle_memory()
            announce()

        server = Server(app, listening, body_seconds=settings.body_seconds)
        stop_on_signals(server.stop, *(() if worker is None else (worker.stop,)))
        if worker is not None:
            tasks.create_task(worker.run(), name="worker")
        await server.serve(sockets=[listener])
        if worker is not None:
            worker.stop()


async def work(
    settings: Settings,
    listener: socket.socket,
    *,
    announce: Callable[[], None] = lambda: None,
    registry: Registry | None = None,
) -> None:
    """Run jobs until SIGTERM or SIGINT; metrics, health and readiness are served on `listener`."""
    async with open_services(settings, "worker", registry=registry) as services, asyncio.TaskGroup() as tasks:
        worker = Worker(services, open_shadows=build_shadows)

        def listening() -> None:
            settle_memory()
            announce()

        server = Server(create_worker_app(services, worker_alive=worker.alive), listening)
        stop_on_signals(worker.stop)
        tasks.create_task(server.serve(sockets=[listener]), name="metrics")
        try:
            await worker.run()
        finally:
            server.stop()


def stop_on_signals(*stop: Callable[[], None]) -> None:
    """Call every `stop` on SIGTERM and SIGINT."""
    loop = asyncio.get_running_loop()

    def stop_all(received: signal.Signals) -> None:
        log.info("stopping", signal=received.name)
        for one in stop:
            one()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop_all, number)
