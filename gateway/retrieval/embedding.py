"""Embeds a user's chunks in batches: each batch is stored before the next is asked for, so none is paid for twice."""

import asyncio
from typing import TYPE_CHECKING

import psycopg
import structlog

from gateway.database.retry import first_line
from gateway.jobs.queue.job_queue import Redeliver
from gateway.retrieval.embedding_store import EmbeddingStore
from gateway.telemetry.log import hash_user
from gateway.telemetry.metrics import Metrics
from pipelines.contract import PipelineError

if TYPE_CHECKING:
    from pipelines.language.provider.embeddings import Embeddings

BATCH = 64
CHARACTERS = 8_000  # of a chunk; models refuse more than about 8,000 tokens
ATTEMPTS = 6
WAITS = (5.0, 30.0, 120.0, 600.0, 1800.0)  # seconds
log = structlog.get_logger(__name__)


class Embedder:
    """Runs requests, and can be stopped: they are handed back between two batches, or within one."""

    def __init__(self, store: EmbeddingStore, embeddings: "Embeddings", metrics: Metrics) -> None:
        self._store = store
        self._embeddings = embeddings
        self._embedded = metrics.chunks_embedded
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False

    def stop(self) -> None:
        """Hand back what runs, take nothing more. Returns at once."""
        self._stopping = True
        for task in self._running:
            task.cancel()

    async def run(self, user_id: str) -> None:
        """Embed what lacks a vector, if it was asked for. Raises `Redeliver` when it has to be delivered again."""
        if self._stopping:
            raise Redeliver
        task = asyncio.create_task(self._attempt(user_id), name="embed")
        self._running.add(task)
        try:
            await asyncio.wait({task})
        finally:
            self._running.discard(task)
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        if task.cancelled():
            raise Redeliver
        task.result()

    async def _attempt(self, user_id: str) -> None:
        while (request := await self._store.load(user_id)) is not None:
            model, _, requested_at = request
            try:
                await self._embed_all(user_id, model)
            except PipelineError as failure:
                await self._fail(user_id, requested_at, failure)
                return
            except psycopg.DataError as refused:
                reason = f"the column `embedding` does not take this model's vectors ({first_line(refused)})"
                await self._store.fail(user_id, requested_at, reason)
                log.warning("embedding_refused", user=hash_user(user_id), reason=reason)
                return
            if await self._store.finish(user_id, requested_at):
                return

    async def _embed_all(self, user_id: str, model: str | None) -> None:
        name = self._embeddings.name
        if model != name:
            await self._store.take_model(user_id, name, forget=model is not None)
        spelling = "[{}]" if await self._store.column_type() == "vector" else "{{{}}}"  # else an array of numbers
        while chunks := await self._store.next_chunks(user_id, BATCH):
            texts = [f"{title}\n{content}".strip()[:CHARACTERS] or "-" for _, title, content in chunks]
            vectors, _ = await self._embeddings.embed(texts)
            written = [spelling.format(",".join(map(repr, vector))) for vector in vectors]
            ids = [chunk[0] for chunk in chunks]
            await self._store.store(user_id, list(zip(ids, written, strict=True)))
            self._embedded.inc(len(ids))

    async def _fail(self, user_id: str, requested_at: str, failure: PipelineError) -> None:
        attempts = await self._store.try_later(user_id, str(failure))
        log.warning("embedding_failed", user=hash_user(user_id), reason=str(failure), attempt=attempts)
        if failure.retryable and attempts < ATTEMPTS:
            raise Redeliver(WAITS[min(attempts, len(WAITS)) - 1])
        await self._store.fail(user_id, requested_at, str(failure))
