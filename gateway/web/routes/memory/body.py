"""What these routes are sent and what they answer: the callers' models."""

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from gateway.retrieval.embedding_status import EmbeddingStatus
from gateway.web.routes.imports.body import LONGEST_USER_ID, Conversations, ErrorAnswer, is_encodable

LONGEST_MESSAGE = 100_000
MOST_TURNS = 200

Responses = dict[int | str, dict[str, Any]]
NAMED: Responses = {  # of the routes that name a user in their path
    400: {"model": ErrorAnswer, "description": "What was sent cannot be read, or not be used"},
    503: {"model": ErrorAnswer, "description": "Not possible now; try again"},
}
ERRORS: Responses = {**NAMED, 413: {"model": ErrorAnswer, "description": "The body is larger than allowed"}}


def check_user_id(user_id: str) -> str:
    """Refuse what no database holds."""
    if "\0" in user_id:
        raise ValueError("user_id contains a NUL character")
    if not is_encodable(user_id):
        raise ValueError("user_id contains half of a surrogate pair")
    return user_id


def clean(text: str) -> str:
    """Text that can be searched for, sent on and answered: no NUL, no half surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def clean_turns(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Earlier turns with their texts cleaned; what is no text is left out."""
    return [{clean(name): clean(value) for name, value in turn.items() if isinstance(value, str)} for turn in turns]


UserId = Annotated[str, Field(max_length=LONGEST_USER_ID), AfterValidator(check_user_id)]
PathUserId = Annotated[str, Path(max_length=LONGEST_USER_ID), AfterValidator(check_user_id)]
Message = Annotated[str, Field(max_length=LONGEST_MESSAGE), AfterValidator(clean)]


def newest_turns(turns: object) -> object:
    """What an answer may stand on: nobody's conversation is longer, and a list may have hundreds of thousands."""
    return turns[-MOST_TURNS:] if isinstance(turns, list) else turns


Turns = Annotated[
    list[dict[str, Any]],
    Field(fail_fast=True, description="earlier turns, oldest first: `role` and `content`"),
    AfterValidator(clean_turns),
    BeforeValidator(newest_turns),
]


class UserBody(BaseModel):
    """A request that names a user and nothing else."""

    user_id: UserId


class ChatBody(BaseModel):
    """`/chat`."""

    user_id: UserId
    message: Message
    history: Turns = []


class ChatAnswer(BaseModel):
    """`memories_used` says how many memories the answer stands on."""

    response: str
    memories_used: int
    latency_ms: int
    method: Literal["full-text", "embeddings"]


class QueryBody(BaseModel):
    """`/query`. `soulprint_text` stands in for the stored soulprint."""

    user_id: UserId
    message: Message
    soulprint_text: Message | None = None
    history: Turns = []


class QueryAnswer(BaseModel):
    """`method` says how the memories were found."""

    response: str
    chunks_used: int
    method: Literal["full-text", "embeddings"]
    latency_ms: int


class ProcessImportBody(BaseModel):
    """`/process-import`: an export as text."""

    user_id: UserId
    user_email: str | None = None
    conversations_json: str | None = None


class ProcessImportAnswer(BaseModel):
    """The job is accepted."""

    status: Literal["processing"]
    message: str
    user_id: str
    conversations_received: int
    job_id: str


class AnalyzeAnswer(BaseModel):
    """What is known of the user; `success` is false where nothing is."""

    success: bool
    profile: dict[str, Any]
    conversations_analyzed: int
    latency_ms: int
    error: str | None = None


class CreateSoulprintBody(BaseModel):
    """`/create-soulprint`: conversations as an export has them."""

    user_id: UserId
    conversations: Conversations
    stats: dict[str, Any] | None = None


class CreateSoulprintAnswer(BaseModel):
    """The soulprint; nothing of it is stored."""

    soulprint: str
    archetype: str
    soul_md: str
    identity_md: str
    agents_md: str
    user_md: str
    memory_log: str
    conversations_analyzed: int


class EmbedChunksAnswer(BaseModel):
    """The request is taken."""

    status: Literal["processing"]
    message: str
    user_id: str


class Outcome(BaseModel):
    """`message` where it went well, `error` where it did not."""

    success: bool
    message: str | None = None
    error: str | None = None


class GenerateAnswer(Outcome):
    """`job_id` can be followed at `/jobs/{job_id}`."""

    job_id: str | None = None


class CompleteEmbeddingsAnswer(Outcome):
    """How far the user's chunks are."""

    status: EmbeddingStatus


class EmbedTrial(Outcome):
    """One text was embedded, or why not."""

    model: str | None = None
    dimensions: int | None = None
    latency_ms: int | None = None


class PatchTrial(Outcome):
    """A row was written and read back, then forgotten, or why not."""

    latency_ms: int | None = None
