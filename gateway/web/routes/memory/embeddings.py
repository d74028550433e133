"""`/embed-chunks`, `/embedding-status`, `/complete-embeddings`: vectors for a user's chunks."""

from fastapi import APIRouter, Request

from gateway.retrieval.embedding_status import EmbeddingStatus
from gateway.retrieval.embedding_store import EmbeddingStore
from gateway.services import Services
from gateway.web.database_route import DatabaseRoute
from gateway.web.routes.memory.body import (
    ERRORS,
    NAMED,
    CompleteEmbeddingsAnswer,
    EmbedChunksAnswer,
    PathUserId,
    UserBody,
)
from gateway.web.routes.memory.errors import answered_errors

router = APIRouter(route_class=DatabaseRoute, tags=["embeddings"])
NO_CHUNKS = "this user has no chunks: import conversations first"
NO_MODEL = "no embedding model is configured: chunks are found by their words, and nothing is left to do"
ALL_DONE = "every chunk has its vector"
STARTED = "chunks are being embedded"


@router.post("/embed-chunks", responses=ERRORS)
async def embed_chunks(request: Request, body: UserBody) -> EmbedChunksAnswer:
    """Embed the user's chunks that lack a vector, in the background."""
    message, _ = await embed_missing(request.state.services, body.user_id)
    return EmbedChunksAnswer(status="processing", message=message, user_id=body.user_id)


@router.get("/embedding-status/{user_id}", responses=NAMED)
async def embedding_status(request: Request, user_id: PathUserId) -> EmbeddingStatus:
    """How many of the user's chunks have a vector."""
    return await read_status(request.state.services, user_id, "path")


@router.post("/complete-embeddings/{user_id}", responses=NAMED)
async def complete_embeddings(request: Request, user_id: PathUserId) -> CompleteEmbeddingsAnswer:
    """Embed what is missing, in the background, and say how far it is."""
    message, status = await embed_missing(request.state.services, user_id, "path")
    if message == NO_CHUNKS:
        return CompleteEmbeddingsAnswer(success=False, error=message, status=status)
    return CompleteEmbeddingsAnswer(success=True, message=message, status=status)


async def embed_missing(services: Services, user_id: str, place: str = "body") -> tuple[str, EmbeddingStatus]:
    """Ask for the vectors that are missing, if there is anything to do: what to tell, and the counts."""
    status = await read_status(services, user_id, place)
    if status.total_chunks == 0:
        return NO_CHUNKS, status
    if services.engines.embeddings is None:
        return NO_MODEL, status
    if status.total_missing == 0:
        return ALL_DONE, status
    with answered_errors():
        await EmbeddingStore(services.database.pool).request(user_id)
    return STARTED, await read_status(services, user_id)


async def read_status(services: Services, user_id: str, place: str = "body") -> EmbeddingStatus:
    """The counts. Raises `Unavailable`, and `Refused` for a user whom nobody can be, named in this place."""
    configured = services.engines.embeddings is not None
    with answered_errors(place):
        return await EmbeddingStore(services.database.pool).status(user_id, configured=configured)
