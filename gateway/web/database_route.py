"""Routes that answer from the database: a fault of it is a 503, and one that hangs is not waited for."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from gateway.errors import Unavailable

ANSWER_SECONDS: Final = 8.0  # a platform's own checks and callers give up after 10
T = TypeVar("T")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class DatabaseRoute(APIRoute):
    """A route with a time limit. What still runs then is cancelled and left behind: the driver waits for a server that
    hangs even to cancel, and keeps its connection of the pool so long.
    """

    def get_route_handler(self) -> Handler:
        """FastAPI's handler, limited."""
        return limited(super().get_route_handler())


def limited(handler: Handler, seconds: float = ANSWER_SECONDS) -> Handler:
    """The handler with a time limit. It raises `Unavailable` at its end."""

    async def answer(request: Request) -> Response:
        return await in_time(handler(request), seconds)

    return answer


async def in_time(work: Coroutine[Any, Any, T], seconds: float = ANSWER_SECONDS) -> T:
    """What `work` returns. Raises `Unavailable` when it takes longer."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if done:
        return task.result()
    task.cancel()
    task.add_done_callback(forget)
    raise Unavailable("the database does not answer")


def forget(task: "asyncio.Task[Any]") -> None:
    """Take note of how a task ended that nobody waits for."""
    if not task.cancelled():
        task.exception()
