"""Finds a user's memories: by meaning where their chunks have vectors, else by words."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from gateway.database.pool import Pool, load_sql
from gateway.retrieval.memory import Found, Memory, choose
from gateway.retrieval.terms import READ_CHARACTERS, pieces_of, stem, words_of
from gateway.telemetry.metrics import Metrics
from pipelines.contract import PipelineError

if TYPE_CHECKING:
    from pipelines.language.provider.embeddings import Embeddings

SQL = load_sql(Path(__file__).with_name("search.sql"))
CANDIDATES = 60
log = structlog.get_logger(__name__)


class Search:
    """Over the user's published chunks. `embeddings` is None where no provider is configured."""

    def __init__(self, pool: Pool, embeddings: "Embeddings | None", metrics: Metrics) -> None:
        self._pool = pool
        self._embeddings = embeddings
        self._metrics = metrics

    async def find(self, user_id: str, question: str) -> Found:
        """What fits the question. A provider that fails is logged and counted; words find something still."""
        words = words_of(question)
        pieces = pieces_of(question)
        terms = [*map(stem, words), *pieces]
        if self._embeddings is not None and question.strip():
            try:
                if near := await self._by_meaning(self._embeddings, user_id, question[:READ_CHARACTERS]):
                    return Found(choose(near, terms), "embeddings")
            except PipelineError as failure:
                log.warning("question_not_embedded", error=str(failure))
                self._metrics.memory_fallbacks.labels("embeddings").inc()
        values = {"user": user_id, "owner": user_id, "words": list(words), "limit": CANDIDATES}
        found = await self._memories("by_words", values) if words else []
        if pieces:
            inside = {"user": user_id, "pieces": list(pieces), "limit": CANDIDATES}
            found += await self._memories("by_pieces", inside)
        return Found(choose(found, terms), "full-text")

    async def _by_meaning(self, embeddings: "Embeddings", user_id: str, question: str) -> list[Memory]:
        if not await self._value("vectors_made_by", {"user": user_id, "model": embeddings.name}):
            return []
        (vector,), _ = await embeddings.embed([question], "query")
        text = "[" + ",".join(map(repr, vector)) + "]"
        values = {"user": user_id, "vector": text, "dimensions": len(vector), "limit": CANDIDATES}
        return await self._memories("by_meaning", values)

    async def _memories(self, statement: str, values: dict[str, Any]) -> list[Memory]:
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(SQL[statement], values)).fetchall()
        return [Memory(*row) for row in rows]

    async def _value(self, statement: str, values: dict[str, Any]) -> Any:
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL[statement], values)).fetchone()
        return None if row is None else row[0]
