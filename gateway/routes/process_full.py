"""`POST /process-full` and `/process-full-v2`: validate, decide, commit, answer. The route that callers live by.

Each is an ordinary FastAPI route with a short cut in front: a body that is plainly valid is read and answered without
FastAPI's machinery, at twice its speed. All else (a wrong field, broken JSON, another content type) goes through the
FastAPI route, so that errors and the OpenAPI entry are FastAPI's own.
"""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import FastAPI, Response
from fastapi.routing import APIRoute
from prometheus_client import Counter
from pydantic import ValidationError
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from flags.model import Decision
from gateway.errors import BadRequest
from gateway.jobs.accept import Accepted, NewJob, request_key
from gateway.log import hash_user
from gateway.routes.import_body import ErrorAnswer, ImportAnswer, ImportBody, check_values, dump_json
from gateway.services import Services

log = structlog.get_logger(__name__)

Answer = Callable[[ImportBody], Awaitable[tuple[bytes, Accepted]]]
JSON_TYPES = frozenset({b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8"})
RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorAnswer, "description": "No stored export is named, and the pinned pipeline needs one"},
    413: {"model": ErrorAnswer, "description": "The body is larger than allowed"},
    503: {"model": ErrorAnswer, "description": "Nothing was accepted; try again"},
}
PINNED = "v2"


class ProcessFull:
    """One of the two routes. `pinned` is the pipeline that it forces, if any."""

    def __init__(self, services: Services, pinned: str | None) -> None:
        self._flags = services.flags
        self._accepter = services.accepter
        self._metrics = services.metrics
        self._pinned = pinned
        self._decided: dict[tuple[str, str], Counter] = {}

    async def __call__(self, body: ImportBody) -> tuple[bytes, Accepted]:
        """Return the answer's body once the job is committed."""
        check_values(body)
        if self._pinned and not body.storage_path:
            raise BadRequest(f"storage_path required: pipeline {self._pinned} does not take inline conversations")
        new = self._new_job(body)
        if body.conversations is not None:
            log.warning("the field `conversations` is deprecated", used=new.inline is not None, job_id=new.job_id)
        accepted = await self._accepter.accept(new)
        self._record(new, accepted)
        return answer_body(body, accepted), accepted

    def _new_job(self, body: ImportBody) -> NewJob:
        inline = dump_json(body.conversations) if body.conversations and not body.storage_path else None
        return NewJob(
            job_id=str(uuid.uuid4()),
            user_id=body.user_id,
            storage_path=body.storage_path or None,
            conversation_count=body.conversation_count,
            message_count=body.message_count,
            decision=self._decide(body),
            pinned=self._pinned is not None,
            request_key=request_key(self._pinned or "", body.storage_path or "", inline or b""),
            inline=inline,
        )

    def _decide(self, body: ImportBody) -> Decision:
        if self._pinned:
            state = self._flags.state()
            return Decision(self._pinned, "forced", state.dial, state.revision)
        if not body.storage_path:
            state = self._flags.state()
            return Decision("v1", "v1_only", state.dial, state.revision)
        return self._flags.decide(body.user_id)

    def _record(self, new: NewJob, accepted: Accepted) -> None:
        decision = new.decision
        if accepted.joined:
            self._metrics.jobs_joined.labels(accepted.pipeline).inc()
        else:
            self._count(decision)
        log.info(
            "job joined" if accepted.joined else "job accepted",
            job_id=accepted.job_id,
            user=hash_user(new.user_id),
            pipeline=accepted.pipeline,
            reason=decision.reason,
            dial=decision.dial,
            revision=decision.revision,
        )

    def _count(self, decision: Decision) -> None:
        key = (decision.pipeline, decision.reason)
        child = self._decided.get(key)
        if child is None:
            child = self._decided[key] = self._metrics.decisions.labels(*key)
        child.inc()


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


class ShortCut:
    """The ASGI end of a route: answers plainly valid bodies itself and passes the rest, replayed, to FastAPI's route."""

    def __init__(self, path: str, answer: Answer, full_route: APIRoute) -> None:
        self.path = path
        self._answer = answer
        self._full_route = full_route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        data = await read_body(receive)
        if data is None:
            return  # the caller went away
        body = self._parse(scope, data)
        if body is None:
            _, child_scope = self._full_route.matches(scope)
            scope.update(child_scope)
            await self._full_route.handle(scope, replay(data), send)
            return
        content, accepted = await self._answer(body)
        headers = [
            (b"content-length", str(len(content)).encode("ascii")),
            (b"content-type", b"application/json"),
            (b"x-pipeline", accepted.pipeline.encode("ascii")),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _parse(self, scope: Scope, data: bytes) -> ImportBody | None:
        for name, value in scope["headers"]:
            if name == b"content-type" and value.lower() not in JSON_TYPES:
                return None
        try:
            return ImportBody.model_validate_json(data)
        except ValidationError:
            return None


async def read_body(receive: Receive) -> bytes | None:
    """The whole body, None when the caller went away before its end."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return message.get("body", b"")
    parts: list[bytes] = []
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()
    return None


def replay(data: bytes) -> Receive:
    """`receive` for a body that has been read."""

    async def receive() -> Message:
        return {"type": "http.request", "body": data, "more_body": False}

    return receive


def mount_process_full(app: FastAPI, services: Services) -> None:
    """Add both routes, each with its short cut in front."""
    for path, pinned in (("/process-full", None), ("/process-full-v2", PINNED)):
        answer = ProcessFull(services, pinned)
        full_route = add_full_route(app, path, answer)
        short_cut = Route(path, ShortCut(path, answer, full_route), methods=["POST"], include_in_schema=False)
        app.router.routes.insert(0, short_cut)


def add_full_route(app: FastAPI, path: str, answer: Answer) -> APIRoute:
    """Add FastAPI's own route for `path` and return it."""

    async def process_full(body: ImportBody) -> Response:
        content, accepted = await answer(body)
        return Response(content, media_type="application/json", headers={"X-Pipeline": accepted.pipeline})

    app.add_api_route(
        path,
        process_full,
        methods=["POST"],
        response_model=ImportAnswer,
        responses=RESPONSES,
        name=path.strip("/").replace("-", "_"),
        summary="Accept an export and process it in the background",
    )
    (route,) = (route for route in app.router.routes if isinstance(route, APIRoute) and route.path == path)
    return route
