"""`/status`, `/test-embed`, `/test-patch`: what is configured, and whether a model and the tables really answer."""

import asyncio
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter, Request
from pydantic import BaseModel

from gateway.database.pool import Pool, load_sql
from gateway.database.retry import DATABASE_ERRORS, first_line
from gateway.services import Services
from gateway.web.routes.memory.body import EmbedTrial, PatchTrial
from pipelines.contract import PipelineError

router = APIRouter(tags=["diagnostics"])
SQL = load_sql(Path(__file__).with_name("diagnostics.sql"))
TEST_SECONDS = 15.0
SAMPLE = "A short text to see whether the embedding model answers."


class Status(BaseModel):
    """What is configured, told without a word of how."""

    rlm_available: bool
    processors_available: bool
    database: bool
    supabase: bool
    unleash: bool
    language_provider: bool
    anthropic: bool
    bedrock: bool
    embeddings: bool
    callback: bool
    operator: bool
    forwarding: bool
    timestamp: datetime


@router.get("/status")
async def status(request: Request) -> Status:
    """What is configured, from memory."""
    services: Services = request.state.services
    settings = services.settings
    complete = services.registry.complete
    return Status(
        rlm_available=complete,
        processors_available=complete,
        database=settings.database_url is not None,
        supabase=settings.supabase_url is not None,
        unleash=settings.unleash_url is not None,
        language_provider=services.engines.language.name != "embedded",
        anthropic=settings.anthropic_api_key is not None,
        bedrock=settings.bedrock_embedding_model_id is not None,
        embeddings=services.engines.embeddings is not None,
        callback=settings.vercel_api_url is not None,
        operator=settings.operator_token is not None,
        forwarding=settings.legacy_upstream_url is not None,
        timestamp=datetime.now(UTC),
    )


@router.get("/test-embed")
async def test_embed(request: Request) -> EmbedTrial:
    """Embed one short text with the configured model."""
    embeddings = request.state.services.engines.embeddings
    if embeddings is None:
        return EmbedTrial(success=False, error="no embedding model is configured")
    started = time.perf_counter()
    try:
        async with asyncio.timeout(TEST_SECONDS):
            (vector,), _ = await embeddings.embed([SAMPLE])
    except (PipelineError, TimeoutError) as failure:
        error = str(failure) or f"no answer within {TEST_SECONDS:g} s"
        return EmbedTrial(success=False, error=error, model=embeddings.name)
    return EmbedTrial(
        success=True,
        message="The embedding model answers",
        model=embeddings.name,
        dimensions=len(vector),
        latency_ms=since(started),
    )


@router.get("/test-patch")
async def test_patch(request: Request) -> PatchTrial:
    """Write, change and read back a profile of nobody, and undo it."""
    started = time.perf_counter()
    try:
        written = await write_and_undo(request.state.services.database.pool)
    except DATABASE_ERRORS as failure:
        return PatchTrial(success=False, error=first_line(failure))
    if not written:
        return PatchTrial(success=False, error="the row that was written was not found")
    return PatchTrial(success=True, message="Profiles can be written", latency_ms=since(started))


async def write_and_undo(pool: Pool) -> bool:
    """Whether the row that was written could be changed. It is never visible to anyone."""
    values = {"user": str(uuid.uuid4())}
    async with pool.connection() as connection, connection.transaction(force_rollback=True):
        await connection.execute(SQL["write_profile"], values)
        row = await (await connection.execute(SQL["patch_profile"], values)).fetchone()
    return row is not None


def since(started: float) -> int:
    """Milliseconds."""
    return round((time.perf_counter() - started) * 1000)
