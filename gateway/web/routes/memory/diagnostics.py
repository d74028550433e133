"""`/status`, `/test-embed`, `/test-patch`: what is configured, and whether a model and the tables really answer."""

import asyncio
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from fastapi import APIRouter, Request
from pydantic import BaseModel

from gateway.database.pool import Pool, load_sql
from gateway.database.retry import DATABASE_ERRORS
from gateway.language.choice import choose_language
from gateway.services import Services
from gateway.web.routes.memory.body import EmbedTrial, PatchTrial
from gateway.web.routes.ops import SERVICE
from pipelines.contract import PipelineError

router = APIRouter(tags=["diagnostics"])
SQL = load_sql(Path(__file__).with_name("diagnostics.sql"))
TEST_SECONDS = 15.0
SAMPLE = "A short text to see whether the embedding model answers."


class Status(BaseModel):
    """What is configured, told without a word of how: the names that callers know, then our own."""

    service: str
    rlm_available: bool
    rlm_error: str | None
    supabase_configured: bool
    anthropic_configured: bool
    bedrock_configured: bool
    cohere_configured: bool
    vercel_callback_configured: bool
    processors_available: bool
    database: bool
    unleash: bool
    language_provider: bool
    embeddings: bool
    operator: bool
    forwarding: bool
    timestamp: datetime


@router.get("/status")
async def status(request: Request) -> Status:
    """What is configured, from memory."""
    services: Services = request.state.services
    settings, registry = services.settings, services.registry
    language, embeddings = choose_language(settings), settings.bedrock_embedding_model_id
    return Status(
        service=SERVICE,
        rlm_available=services.base in registry.usable,
        rlm_error="; ".join(f"{name}: {why.partition(':')[0]}" for name, why in registry.broken.items()) or None,
        supabase_configured=settings.supabase_url is not None,
        anthropic_configured=settings.anthropic_api_key is not None,
        bedrock_configured=embeddings is not None or (language is not None and language.vendor == "bedrock"),
        cohere_configured=embeddings is not None and "cohere." in embeddings,
        vercel_callback_configured=settings.vercel_api_url is not None,
        processors_available=services.base in registry.usable,
        database=settings.database_url is not None,
        unleash=settings.unleash_url is not None,
        language_provider=language is not None,
        embeddings=services.engines.embeddings is not None,
        operator=bool(settings.operators),
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
    """Write, change and read back a profile of nobody, and undo it: of a user's, where profiles must be users'."""
    started = time.perf_counter()
    try:
        written = await write_and_undo(request.state.services.database.pool)
    except DATABASE_ERRORS as failure:
        return PatchTrial(success=False, error=f"the database says {type(failure).__name__}")
    if not written:
        return PatchTrial(success=False, error="the row that was written was not found")
    return PatchTrial(success=True, message="Profiles can be written", latency_ms=since(started))


async def write_and_undo(pool: Pool) -> bool:
    """Whether the row that was written could be changed. It is never visible to anyone."""
    values = {"user": str(uuid.uuid4())}
    async with pool.connection() as connection, connection.transaction(force_rollback=True):
        try:
            async with connection.transaction():
                await connection.execute(SQL["write_profile"], values)
        except psycopg.errors.ForeignKeyViolation:  # users are known here, and this is none: somebody's, then
            somebody = await (await connection.execute(SQL["some_profile"])).fetchone()
            if somebody is None:
                return True  # it was written, and only then found to be nobody's
            values = {"user": somebody[0]}
        row = await (await connection.execute(SQL["patch_profile"], values)).fetchone()
    return row is not None


def since(started: float) -> int:
    """Milliseconds."""
    return round((time.perf_counter() - started) * 1000)
