"""What `/process-full` is sent and what it answers: the caller's model, and the checks that the model cannot say."""

import json
from typing import Annotated, Any, Literal, NamedTuple

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from gateway.exports import ExportPath, StoragePathError, check_storage_path
from gateway.web.routes.imports.large_json import Problems, read_as, read_or_problems

LONGEST_USER_ID = 512  # an index row holds it twice over, even in 4-byte characters


Conversations = Annotated[list[dict[str, Any]], Field(fail_fast=True)]  # a million wrong ones are wrong once


class ImportBody(BaseModel):
    """The request, as its caller has always sent it. Unknown fields are ignored."""

    user_id: str
    storage_path: str | None = Field(None, description="bucket/rest/of/path")
    conversation_count: int | None = None
    message_count: int | None = None
    conversations: Conversations | None = Field(
        None, description="The export inline. Deprecated: only v1 serves it.", deprecated=False
    )


class Import(NamedTuple):
    """A request that was read. `inline`: its export as JSON, where that is what will be processed."""

    body: ImportBody
    inline: bytes | None


class ImportAnswer(BaseModel):
    """The answer once the job is committed; the same fields whichever pipeline serves it."""

    status: Literal["processing"]
    message: str
    user_id: str
    conversation_count: int | None
    job_id: str
    version: str


class ErrorAnswer(BaseModel):
    """Every error but 422."""

    detail: str


def check_values(body: ImportBody) -> ExportPath | None:
    """The object that is named, if one is. What a database or a folder must not see is refused.

    Raises RequestValidationError naming the field.
    """
    if "\0" in body.user_id:
        raise invalid("user_id", "user_id contains a NUL character", body.user_id)
    if not is_encodable(body.user_id):
        raise invalid("user_id", "user_id contains half of a surrogate pair", ascii(body.user_id))
    if len(body.user_id) > LONGEST_USER_ID:
        raise invalid("user_id", f"user_id is longer than {LONGEST_USER_ID} characters", body.user_id[:LONGEST_USER_ID])
    if not body.storage_path:
        return None
    try:
        return check_storage_path(body.storage_path)
    except StoragePathError as unsafe:
        raise invalid("storage_path", str(unsafe), body.storage_path) from None


def import_of(body: ImportBody) -> Import:
    """The request with its inline export, which a stored one makes superfluous."""
    return Import(body, dump_json(body.conversations) if body.conversations and not body.storage_path else None)


def read_large(data: bytes) -> Import | Problems:
    """A large request, or what is wrong with it. For a worker process.

    Its conversations come back as JSON alone: `body.conversations` only tells, by being empty, that there were some.
    """
    return read_or_problems(data, read_whole)


def read_whole(data: bytes) -> Import:
    """Raises ValidationError, ValueError and RecursionError."""
    body, inline = import_of(read_as(ImportBody, data))
    return Import(body.model_copy(update={"conversations": None if body.conversations is None else []}), inline)


def is_encodable(text: str) -> bool:
    """Is it text that can be written as UTF-8? JSON can spell lone surrogates, which cannot."""
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def invalid(field: str, problem: str, value: str) -> RequestValidationError:
    """A 422 in FastAPI's own form."""
    error = {"type": "value_error", "loc": ("body", field), "msg": f"Value error, {problem}", "input": value}
    return RequestValidationError([error])


def dump_json(value: Any) -> bytes:
    """JSON, also for what orjson refuses: integers beyond 64 bits, lone surrogates."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=True).encode("ascii")
