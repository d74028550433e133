"""kill -9 in the middle of a job with a model provider: another process goes on, and pays for nothing twice."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process, create_subprocess_exec
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from gateway.config.settings import Settings
from tests.fakes.provider import Call, FakeProvider, Json, answer_plausibly, running_provider
from tests.live_gateway import LiveGateway, running_gateway

pytestmark = pytest.mark.scene
SAYINGS = ("My name is Ana.", "I live in Lisbon.", "I love painting.", "I prefer short answers.")
DEADLINE = 120.0
T = TypeVar("T")


def slow_answer(call: Call) -> Json | str:
    """The plausible answer, after long enough to be killed in."""
    time.sleep(0.15)
    return answer_plausibly(call)


async def test_steps_that_were_finished_are_not_paid_for_again(settings: Settings) -> None:
    put_export(settings.data_dir / "exports" / "user-imports" / "ana" / "raw-1.json")
    with running_provider(slow_answer) as provider:
        environment = worker_environment(settings, provider.openai_url)
        async with running_gateway(settings) as gateway:
            body = {"user_id": "ana", "storage_path": "user-imports/ana/raw-1.json"}
            assert (await gateway.post(body, "/process-full-v2")).status_code == 200
            async with worker(environment) as first:
                await until(lambda: stored_facts(gateway), lambda stored: len(stored) >= 2)
                os.kill(first.pid, signal.SIGKILL)
                await first.wait()
            finished = await stored_facts(gateway)
            assert await state_of(gateway) == "processing"
            async with worker(environment):
                await until(lambda: state_of(gateway), lambda status: status == "complete")
                calls = list(provider.calls)
                (row,) = await gateway.rows("select soulprint::text as made from user_profiles where user_id = 'ana'")
                again = [call.text for call in await second_import(gateway, provider)]
    asked = Counter(call.text for call in calls)
    twice = [text for text, times in asked.items() if times > 1]
    assert len(finished) >= 2
    assert len(asked) > len(finished)
    assert len(twice) <= 1  # the call that was under way when its process was killed
    assert max(asked.values()) <= 2
    assert not set(twice) & {call.text for call in calls[: len(finished)]}
    assert "Lisbon" in row["made"]
    assert ["I love chess" in text for text in again] == [True]  # of the old conversations none was paid for again


async def second_import(gateway: LiveGateway, provider: FakeProvider) -> list[Call]:
    """The same conversations behind a new one, in a job of its own: its calls for facts."""
    provider.calls.clear()
    exports = gateway.services.settings.data_dir / "exports"
    put_export(exports / "user-imports" / "ana" / "raw-2.json", ("I love chess.", *SAYINGS), first=-1)
    body = {"user_id": "ana", "storage_path": "user-imports/ana/raw-2.json"}
    assert (await gateway.post(body, "/process-full-v2")).status_code == 200

    async def states() -> list[Any]:
        return [job["status"] for job in await gateway.jobs()]

    await until(states, lambda found: found == ["complete"] * 2)
    return [call for call in provider.calls if "facts" in (call.schema or {})]


def put_export(path: Path, sayings: Sequence[str] = SAYINGS, first: int = 0) -> None:
    """Conversations, each of about one call's size."""
    conversations = [
        {
            "id": f"c{n}",
            "title": "t",
            "create_time": 1_700_000_000 + n,
            "messages": [{"role": "user", "content": f"{saying} {'I went for a walk. ' * 1_200}"}],
        }
        for n, saying in enumerate(sayings, first)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(conversations))


def worker_environment(settings: Settings, openai_url: str) -> dict[str, str]:
    """What a worker process is started with; one call at a time."""
    assert settings.database_url is not None
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "DATA_DIR": str(settings.data_dir),
        "OPENAI_BASE_URL": openai_url,
        "LANGUAGE_MODEL": "local",
        "FACT_EXTRACTION_CONCURRENCY": "1",
        "LANGUAGE_CALLS_PER_MINUTE": "6000",
        "HEARTBEAT_SECONDS": "0.5",
        "STALLED_AFTER_SECONDS": "2",
    }


@asynccontextmanager
async def worker(environment: dict[str, str]) -> AsyncIterator[Process]:
    """`gateway worker` as a process of its own."""
    process = await create_subprocess_exec(
        sys.executable, "-m", "gateway", "worker", env=environment, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def until(look: Callable[[], Awaitable[T]], enough: Callable[[T], bool]) -> T:
    """Look until it is enough, or the deadline has passed."""
    deadline = time.monotonic() + DEADLINE
    while not enough(seen := await look()):
        assert time.monotonic() < deadline, f"still {seen}"
        await asyncio.sleep(0.05)
    return seen


async def stored_facts(gateway: LiveGateway) -> list[str]:
    """The names of the finished extraction steps."""
    rows = await gateway.rows("select step from gateway.job_steps where step like 'facts/%%'")
    return [row["step"] for row in rows]


async def state_of(gateway: LiveGateway) -> Any:
    """The one job's status."""
    (job,) = await gateway.jobs()
    return job["status"]
