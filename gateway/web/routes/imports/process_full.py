"""`POST /process-full` and `/process-full-v2`: validate, accept, answer. The route that callers live by."""

from typing import Any

import structlog
from fastapi import FastAPI, Response

from gateway.errors import BadRequest, Forbidden, Unavailable
from gateway.exports import ExportPath, belongs_to, is_refused
from gateway.jobs.accept.decision import Asked
from gateway.jobs.accept.waiting import RETRY_AFTER_SECONDS, Accepted
from gateway.jobs.roles import PATHS
from gateway.jobs.run.process_pool import ProcessCompute
from gateway.services import Services
from gateway.telemetry.log import hash_user
from gateway.web.routes.imports.body import (
    ErrorAnswer,
    Import,
    ImportAnswer,
    ImportBody,
    check_values,
    dump_json,
    import_of,
)
from gateway.web.routes.imports.fast_path import FastPath
from pipelines.capabilities import source_of
from pipelines.contract import Compute

log = structlog.get_logger(__name__)

RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorAnswer, "description": "No stored export is named, and the pinned pipeline needs one"},
    403: {"model": ErrorAnswer, "description": "`storage_path` is another user's (see ENFORCE_OWNERSHIP)"},
    413: {"model": ErrorAnswer, "description": "The body is larger than allowed"},
    503: {"model": ErrorAnswer, "description": "Nothing was accepted; try again"},
}


class ProcessFull:
    """One of the routes. `pinned` is the pipeline that it forces, if any."""

    def __init__(self, path: str, services: Services, pinned: str | None) -> None:
        self.path = path
        self._imports = services.imports
        self._metrics = services.metrics
        self._registry = services.registry
        self._pinned = pinned
        self._ownership = services.settings.enforce_ownership

    async def __call__(self, sent: Import) -> tuple[bytes, Accepted]:
        """Return the answer's body once the job is committed."""
        body = sent.body
        path = check_values(body)
        if path is not None and not belongs_to(path, body.user_id):
            self._check_owner(path, body.user_id)
        if self._pinned:
            self._check_pinned(self._pinned, sent, path)
        if body.conversations is not None:
            log.warning("deprecated_field_sent", field="conversations", used=sent.inline is not None)
        accepted = await self._imports.accept(
            Asked(
                user_id=body.user_id,
                storage_path=body.storage_path,
                conversation_count=body.conversation_count,
                message_count=body.message_count,
                inline=sent.inline,
                pinned=self._pinned,
            )
        )
        return answer_body(body, accepted), accepted

    def _check_pinned(self, pinned: str, sent: Import, path: ExportPath | None) -> None:
        """Raises `BadRequest` for what it never takes, `Unavailable` while it cannot be imported."""
        if path is None and not self._registry.accepts(pinned, source_of(None, inline=sent.inline is not None)):
            raise BadRequest(no_export(pinned, sent))
        if pinned not in self._registry.usable:
            self._metrics.accepts_refused.labels("pipeline").inc()
            if self._registry.lacks(pinned):
                raise BadRequest(f"pipeline {pinned} is no longer here: /process-full gives each user their version")
            raise Unavailable(f"pipeline {pinned} cannot be used", RETRY_AFTER_SECONDS)

    def _check_owner(self, path: ExportPath, user_id: str) -> None:
        """Refuse another user's object, or let it through, counted. Raises `Forbidden`."""
        if is_refused(path, user_id, self._ownership):
            raise Forbidden("storage_path is in the folder of another user than user_id")
        self._metrics.foreign_paths.inc()
        log.warning("foreign_path_accepted", user=hash_user(user_id), rule=self._ownership)


def no_export(pinned: str, sent: Import) -> str:
    """Why a pinned pipeline cannot serve a request that names no stored export."""
    if sent.inline is None:
        return f"storage_path required: pipeline {pinned} needs a stored export"
    return f"storage_path required: pipeline {pinned} does not take inline conversations"


def answer_body(body: ImportBody, accepted: Accepted) -> bytes:
    """The 200 body: the caller's fields, and `version`."""
    return dump_json(
        {
            "status": "processing",
            "message": "Job already under way" if accepted.joined else "Processing started",
            "user_id": body.user_id,
            "conversation_count": body.conversation_count,
            "job_id": accepted.job_id,
            "version": accepted.pipeline,
        }
    )


def mount_process_full(app: FastAPI, services: Services, *, compute: Compute | None = None) -> None:
    """Add both routes, and the short cut before them. `compute` reads large bodies, which never wait behind jobs."""
    accepts = {path: ProcessFull(path, services, pinned) for path, pinned in PATHS.items()}
    for accept in accepts.values():
        add_route(app, accept)
    known = accepts | {f"{path}/": accept for path, accept in accepts.items()}
    app.add_middleware(FastPath, accepts=known, compute=compute or ProcessCompute(1))


def add_route(app: FastAPI, accept: ProcessFull) -> None:
    """Add FastAPI's own route."""

    async def process_full(body: ImportBody) -> Response:
        content, accepted = await accept(import_of(body))
        return Response(content, media_type="application/json", headers={"X-Pipeline": accepted.pipeline})

    app.add_api_route(
        accept.path,
        process_full,
        methods=["POST"],
        response_model=ImportAnswer,
        responses=RESPONSES,
        name=accept.path.strip("/").replace("-", "_"),
        summary="Accept an export and process it in the background",
        tags=["imports"],
    )
