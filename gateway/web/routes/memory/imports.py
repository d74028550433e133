"""`POST /process-import`: an export as text becomes a job like any other."""

import orjson
from fastapi import APIRouter, Request

from gateway.errors import BadRequest
from gateway.jobs.accept.decision import Asked
from gateway.services import Services
from gateway.web.routes.imports.large_json import check_unfolded, compute_large
from gateway.web.routes.large_body import ConversationsTextRoute, export_apart
from gateway.web.routes.memory.body import ERRORS, ProcessImportAnswer, ProcessImportBody
from pipelines.contract import PipelineError

router = APIRouter(route_class=ConversationsTextRoute, tags=["imports"], responses=ERRORS)
BIG = 500_000  # characters whose parsing would hold up other requests


@router.post("/process-import")
async def process_import(request: Request, body: ProcessImportBody) -> ProcessImportAnswer:
    """Accept an export that comes as text, and process it in the background."""
    services: Services = request.state.services
    apart = export_apart(request)
    export = encode_export(body.conversations_json or "") if apart is None else apart
    if not export.strip():
        raise BadRequest("conversations_json is missing")
    received = await count(services, export)
    asked = Asked(body.user_id, conversation_count=received, inline=export)
    accepted = await services.imports.accept(asked)
    return ProcessImportAnswer(
        status="processing",
        message="Job already under way" if accepted.joined else "Processing started",
        user_id=body.user_id,
        conversations_received=received,
        job_id=accepted.job_id,
    )


async def count(services: Services, export: bytes) -> int:
    """How many conversations it holds; a large one is looked at in another process. Raises `BadRequest`."""
    is_large = len(export) > BIG
    try:
        found = await compute_large(services.compute, try_to_count, export) if is_large else try_to_count(export)
    except PipelineError as error:
        raise BadRequest(f"conversations_json cannot be read: {error}") from None
    if isinstance(found, str):
        raise BadRequest(f"conversations_json is no export: {found}")
    return found


def try_to_count(export: bytes) -> int | str:
    """How many conversations it holds, or why that cannot be said."""
    try:
        return count_conversations(export)
    except ValueError as error:
        return str(error)


def encode_export(text: str) -> bytes:
    """The text as bytes. JSON may spell half surrogate pairs, which UTF-8 cannot."""
    return text.encode("utf-8", "replace")


def count_conversations(export: bytes) -> int:
    """Elements of the array, or of its `conversations`. Raises ValueError for what is no JSON, or no such thing."""
    check_unfolded(export)
    try:
        value = orjson.loads(export)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error})") from None
    if isinstance(value, dict):
        value = value.get("conversations")
    if not isinstance(value, list):
        raise ValueError(  # noqa: TRY004 - it is the text that is wrong
            "neither a list of conversations nor an object that holds one"
        )
    return len(value)
