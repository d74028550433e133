"""Tasks end although a cancellation is lost on the way."""

import asyncio

from gateway.database.end_tasks import end_tasks


async def loses(times: int, seen: list[str]) -> None:
    for _ in range(times):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("lost")
    await asyncio.sleep(60)


async def fails() -> None:
    raise ValueError("as it came")


async def test_a_task_that_loses_a_cancellation_is_cancelled_again() -> None:
    seen: list[str] = []
    tasks = [asyncio.create_task(loses(times, seen)) for times in (0, 1, 2)]
    tasks.append(asyncio.create_task(fails()))
    await asyncio.sleep(0)
    async with asyncio.timeout(180):
        await end_tasks(tasks, again_seconds=0.01)
    assert all(task.done() for task in tasks)
    assert seen == ["lost"] * 3
