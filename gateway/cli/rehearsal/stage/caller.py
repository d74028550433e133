"""The unchanged caller: POSTs the four fields, waits at most 10 s, and looks at nothing but the status."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from gateway.cli.rehearsal.invented_users.cast import Upload

TIMEOUT_SECONDS = 10.0
AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Calls:
    """What the caller saw."""

    made: int
    refused: int
    slowest_seconds: float


async def post_all(url: str, uploads: Sequence[Upload]) -> Calls:
    """POST every upload, some at once."""
    limit = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS, trust_env=False) as client:

        async def post(upload: Upload) -> tuple[bool, float]:
            async with limit:
                started = time.perf_counter()
                accepted = await is_accepted(client, upload)
                return accepted, time.perf_counter() - started

        answers = await asyncio.gather(*(post(upload) for upload in uploads))
    refused = sum(not accepted for accepted, _ in answers)
    return Calls(len(answers), refused, max((seconds for _, seconds in answers), default=0.0))


async def is_accepted(client: httpx.AsyncClient, upload: Upload) -> bool:
    body = {
        "user_id": upload.user_id,
        "storage_path": upload.storage_path,
        "conversation_count": upload.export.conversation_count,
        "message_count": upload.export.message_count,
    }
    try:
        response = await client.post("/process-full", json=body)
    except httpx.HTTPError:
        return False
    return response.is_success
