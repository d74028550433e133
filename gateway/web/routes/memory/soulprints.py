"""`/analyze`, `/create-soulprint`, `/generate-soulprint`: what is known of a user, and making it anew."""

import time

from fastapi import APIRouter, Request

from gateway.errors import BadRequest, Unavailable
from gateway.jobs.accept.decision import Asked, refusal
from gateway.retrieval.embedding_store import EmbeddingStore
from gateway.retrieval.profile import read_profile
from gateway.services import Services
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.imports.body import dump_json
from gateway.web.routes.large_body import ConversationsRoute, export_apart
from gateway.web.routes.memory.body import (
    ERRORS,
    NAMED,
    AnalyzeAnswer,
    CreateSoulprintAnswer,
    CreateSoulprintBody,
    GenerateAnswer,
    PathUserId,
    UserBody,
)
from gateway.web.routes.memory.errors import answered_errors
from gateway.web.routes.memory.run_inline import run_given
from pipelines.contract import NOT_ENOUGH, PipelineError

router = APIRouter(route_class=DatabaseRoute, tags=["soulprints"])
creation = APIRouter(route_class=ConversationsRoute, tags=["soulprints"])
CREATE_SECONDS = 60.0
NOTHING_STORED = "nothing is stored for this user: import conversations first"


@router.post("/analyze", responses=ERRORS)
async def analyze(request: Request, body: UserBody) -> AnalyzeAnswer:
    """What the last import found out: the soulprint's sections and facts, and how many conversations they stand on."""
    started = time.perf_counter()
    with answered_errors():
        profile = await read_profile(request.state.services.database.pool, body.user_id)
    found = {"archetype": profile.archetype, "ai_name": profile.ai_name, **(profile.soulprint or {})}
    return AnalyzeAnswer(
        success=profile.known,
        profile=found if profile.known else {},
        conversations_analyzed=profile.total_conversations or 0,
        latency_ms=round((time.perf_counter() - started) * 1000),
        error=None if profile.known else NOTHING_STORED,
    )


@creation.post("/create-soulprint", responses=ERRORS)
async def create_soulprint(request: Request, body: CreateSoulprintBody) -> CreateSoulprintAnswer:
    """Make a soulprint of the given conversations while the caller waits, and store nothing.

    By the user's version, or the nearest older one that takes what comes with the request.
    """
    services: Services = request.state.services
    registry = services.registry
    version = registry.serving("inline", services.flags.decide(body.user_id).pipeline)
    if version is None:
        raise refusal(registry, "inline")
    pipeline = registry.usable[version]
    apart = export_apart(request)
    export = dump_json(body.conversations) if apart is None else apart
    try:
        made = await run_given(services, pipeline, body.user_id, export, CREATE_SECONDS)
    except PipelineError as failure:
        raise (Unavailable if failure.retryable else BadRequest)(f"no soulprint was made: {failure}") from failure
    return CreateSoulprintAnswer(
        soulprint=made.soulprint_text or "",
        archetype=made.archetype or NOT_ENOUGH,
        soul_md=made.soul_md or "",
        identity_md=made.identity_md or "",
        agents_md=made.agents_md or "",
        user_md=made.user_md or "",
        memory_log=made.memory_log or "",
        conversations_analyzed=made.total_conversations,
    )


@router.get("/generate-soulprint/{user_id}", responses=NAMED)
async def generate_soulprint(request: Request, user_id: PathUserId) -> GenerateAnswer:
    """Make the user's soulprint anew from the chunks that are stored, in the background."""
    services: Services = request.state.services
    with answered_errors("path"):
        status = await EmbeddingStore(services.database.pool).status(user_id)
    if status.total_chunks == 0:
        return GenerateAnswer(success=False, error=NOTHING_STORED)
    try:
        accepted = await services.imports.accept(Asked(user_id))
    except BadRequest as refused:
        return GenerateAnswer(success=False, error=str(refused.detail))
    under_way = "is already being made" if accepted.joined else "is being made"
    return GenerateAnswer(success=True, message=f"The soulprint {under_way} anew", job_id=accepted.job_id)
