"""Runs the server: uvicorn on one loop, tuned for short requests, a worker beside it, and an orderly stop."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Iterator

import structlog
import uvicorn
from fastapi import FastAPI

from gateway.app import create_app
from gateway.services import open_services
from gateway.settings import Settings
from gateway.worker import Worker

log = structlog.get_logger(__name__)

OPEN_REQUEST_SECONDS = 5  # how long requests may still take after the server stopped listening
GC_THRESHOLDS = (50_000, 20, 50)
BACKLOG = 2048


class Server(uvicorn.Server):
    """uvicorn, with the signals left to us: it would raise them again, before running jobs are handed back."""

    def __init__(self, app: FastAPI, on_listening: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            loop="none",
            http="httptools",
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            backlog=BACKLOG,
            timeout_graceful_shutdown=OPEN_REQUEST_SECONDS,
        )
        super().__init__(config)
        self._on_listening = on_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_listening()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        """Stop listening, let open requests end, return from `serve`."""
        self.should_exit = True


async def serve(
    settings: Settings,
    listener: socket.socket,
    *,
    with_worker: bool = True,
    announce: Callable[[], None] = lambda: None,
) -> None:
    """Serve on `listener` until SIGTERM or SIGINT. `announce` is called once requests are answered.

    At the signal, listening and claiming stop at once; open requests and running steps get the time that the settings
    allow. Raises what `open_services` raises.
    """
    async with open_services(settings, "api") as services, asyncio.TaskGroup() as tasks:
        worker = Worker(services) if with_worker else None
        app = create_app(services, worker_alive=None if worker is None else worker.alive)

        def listening() -> None:
            settle_memory()
            announce()

        server = Server(app, listening)
        stop_on_signals(server.stop, *(() if worker is None else (worker.stop,)))
        if worker is not None:
            tasks.create_task(worker.run(), name="worker")
        await server.serve(sockets=[listener])
        if worker is not None:
            worker.stop()


async def work(settings: Settings, *, announce: Callable[[], None] = lambda: None) -> None:
    """Run jobs, and nothing else, until SIGTERM or SIGINT."""
    async with open_services(settings, "worker") as services:
        worker = Worker(services)
        stop_on_signals(worker.stop)
        settle_memory()
        announce()
        await worker.run()


def bind(host: str, port: int) -> socket.socket:
    """A socket for the server; port 0 takes any free one. Raises OSError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def stop_on_signals(*stop: Callable[[], None]) -> None:
    """Call every `stop` on SIGTERM and SIGINT."""
    loop = asyncio.get_running_loop()

    def stop_all(received: signal.Signals) -> None:
        log.info("stopping", signal=received.name)
        for one in stop:
            one()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop_all, number)


def settle_memory() -> None:
    """Leave what start-up made out of every later collection, and collect less often: p99 falls to a third."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
