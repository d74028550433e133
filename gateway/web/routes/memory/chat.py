"""`POST /chat` and `/query`: questions to a user's own memories."""

import time
from dataclasses import dataclass

import structlog
from fastapi import APIRouter, Request

from gateway.retrieval.answer import Answerer, Question
from gateway.retrieval.memory import Method
from gateway.retrieval.profile import read_profile
from gateway.retrieval.search import Search
from gateway.retrieval.terms import asked
from gateway.services import Services
from gateway.telemetry.log import hash_user
from gateway.web.database_route import in_time
from gateway.web.routes.memory.body import ERRORS, ChatAnswer, ChatBody, QueryAnswer, QueryBody
from gateway.web.routes.memory.errors import answered_errors

router = APIRouter(tags=["memories"], responses=ERRORS)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and what it stands on."""

    text: str
    memories: int
    method: Method
    milliseconds: int


@router.post("/chat")
async def chat(request: Request, body: ChatBody) -> ChatAnswer:
    """Answer from the user's soulprint, MEMORY and the memories that fit the message."""
    answered = await answer(request.state.services, "/chat", body)
    return ChatAnswer(
        response=answered.text,
        memories_used=answered.memories,
        latency_ms=answered.milliseconds,
        method=answered.method,
    )


@router.post("/query")
async def query(request: Request, body: QueryBody) -> QueryAnswer:
    """The same, with the caller's own soulprint if it sends one; says how memories were found."""
    answered = await answer(request.state.services, "/query", body, body.soulprint_text)
    return QueryAnswer(
        response=answered.text,
        chunks_used=answered.memories,
        method=answered.method,
        latency_ms=answered.milliseconds,
    )


async def answer(
    services: Services, route: str, body: ChatBody | QueryBody, soulprint_text: str | None = None
) -> Answered:
    """Find, then answer. The database is not held while a model thinks."""
    started = time.perf_counter()
    pool, engines = services.database.pool, services.engines
    with answered_errors():
        profile = await in_time(read_profile(pool, body.user_id))
        search = Search(pool, engines.embeddings, services.metrics)
        found = await search.find(body.user_id, asked(body.message, body.history))
    question = Question(body.message, body.history)
    text = await Answerer(engines.language, services.metrics).answer(
        question, profile.text(soulprint_text), found.memories, None if soulprint_text else profile.soulprint
    )
    milliseconds = round((time.perf_counter() - started) * 1000)
    services.metrics.memory_answers.labels(route, found.method).inc()
    log.info("question_answered", route=route, user=hash_user(body.user_id), method=found.method, ms=milliseconds)
    return Answered(text, len(found.memories), found.method, milliseconds)
