"""A gateway with what a finished import leaves behind for one user."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from gateway.config.settings import Settings
from pipelines.contract import Usage
from tests.live_gateway import LiveGateway, running_gateway

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOULPRINT = {"user": {"name": "Ana", "interests": ["painting"]}, "facts": []}
TALKS = {
    "boats": "User: I spent the weekend repairing my old wooden boat in the harbour.\n\nAssistant: How did it go?",
    "paint": "User: I love painting with watercolours, above all lighthouses.\n\nAssistant: Lovely subjects.",
    "bread": "User: My sourdough starter is called Gertrude.\n\nAssistant: A fine name.",
}


class FakeEmbeddings:
    """Texts about boats lie one way, all others the other. `failures` are raised first, one a call."""

    def __init__(self, name: str = "fake:one", *failures: Exception) -> None:
        self.name = name
        self.failures = list(failures)
        self.texts: list[str] = []
        self.hang = False

    async def embed(self, texts: Sequence[str], purpose: str = "document") -> tuple[Any, Usage]:
        if self.failures:
            raise self.failures.pop(0)
        self.texts += texts
        if self.hang:
            await asyncio.sleep(3600)
        return tuple((1.0, 0.0) if "boat" in text or "ship" in text else (0.0, 1.0) for text in texts), Usage()


async def publish(gateway: LiveGateway, user_id: str, talks: dict[str, str] = TALKS) -> None:
    """A profile, and each talk as a chunk in every size, as v1 stores it."""
    async with gateway.services.database.pool.connection() as connection:
        await connection.execute(
            "insert into user_profiles (user_id, import_status, soulprint_text, memory_md, soulprint, archetype, "
            "total_conversations, total_chunks, embedding_status) "
            "values (%s, 'complete', %s, %s, %s, 'The Maker', %s, %s, 'complete')",
            (
                user_id,
                "# Soulprint\n\nName: Ana\n",
                "# MEMORY\n\n- Prefers short answers\n",
                Jsonb(SOULPRINT),
                len(talks),
                3 * len(talks),
            ),
        )
        rows = [
            (user_id, name, name.title(), text, NOW - timedelta(days=day), tier)
            for day, (name, text) in enumerate(talks.items())
            for tier in ("micro", "medium", "macro")
        ]
        await connection.cursor().executemany(
            "insert into conversation_chunks (user_id, conversation_id, title, content, message_count, created_at, "
            "is_recent, chunk_tier) values (%s, %s, %s, %s, 2, %s, true, %s)",
            rows,
        )


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[LiveGateway]:
    """A gateway that serves; `ana` has memories."""
    async with running_gateway(settings) as running:
        await publish(running, "ana")
        yield running
