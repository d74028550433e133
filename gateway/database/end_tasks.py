"""Ending tasks that use the database.

The pool waits for a connection by `asyncio.wait_for`, which before Python 3.12 loses a cancellation that comes together
with what was waited for (python/cpython#86296): the task goes on, and whoever waits for its end waits for ever.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

AGAIN_SECONDS = 1.0


async def wait_at_most(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """Wait for it so long, then cancel it and go on: the driver waits for a server that hangs even to cancel."""
    task = asyncio.create_task(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if done:
        task.result()
    else:
        task.cancel()


async def end_tasks(tasks: Iterable["asyncio.Task[Any]"], again_seconds: float = AGAIN_SECONDS) -> None:
    """Cancel them, and again until they have ended. What they raise is dropped, as `gather` would collect it."""
    wanted = list(tasks)
    left = {task for task in wanted if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=again_seconds)
    await asyncio.gather(*wanted, return_exceptions=True)
