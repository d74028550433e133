"""Errors that carry their HTTP status: raised anywhere below a route, answered as `{"detail": "<text>"}`."""

import json
from typing import ClassVar

import orjson
import structlog
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.telemetry.metrics import Metrics

log = structlog.get_logger(__name__)


class GatewayError(HTTPException):
    """An expected failure of a request. Subclasses say the status; the message is for the caller."""

    status: ClassVar[int] = 500

    def __init__(self, detail: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(self.status, detail, headers)


class BadRequest(GatewayError):
    """The request is well formed, but cannot be served as it is."""

    status = 400


class Unauthorized(GatewayError):
    """No token or key was shown, or an unknown one."""

    status = 401

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(GatewayError):
    """Who asks is known, and may not do this."""

    status = 403


class NotFound(GatewayError):
    """What was asked for does not exist."""

    status = 404


class Conflict(GatewayError):
    """What was asked for does not fit the state that things are in."""

    status = 409


class BodyTooLarge(GatewayError):
    """The body is above the limit; the connection is closed, since the rest of it is not read."""

    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"request body is larger than {limit} bytes", headers={"Connection": "close"})


class Refused(GatewayError):
    """The database refuses a value of this request: it would be refused again."""

    status = 422


class Unavailable(GatewayError):
    """Nothing was accepted, or it is not known whether it was: the caller may try again."""

    status = 503

    def __init__(self, detail: str, retry_after_seconds: int | None = None) -> None:
        headers = None if retry_after_seconds is None else {"Retry-After": str(retry_after_seconds)}
        super().__init__(detail, headers=headers)


async def answer_invalid(_request: Request, error: Exception) -> Response:
    """FastAPI's 422, also for input that it cannot print itself: NaN, lone surrogates, deep nests."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it is registered for
    problems = error.errors()
    try:
        content = orjson.dumps({"detail": jsonable_encoder(problems)})
    except (TypeError, ValueError, RecursionError):
        bare = [{"type": one["type"], "loc": [str(part) for part in one["loc"]], "msg": one["msg"]} for one in problems]
        content = json.dumps({"detail": bare}).encode("ascii")
    return Response(content, 422, media_type="application/json")


class AnswerUnexpected:
    """An error that nobody expected: logged with its trace, counted, and answered without it."""

    def __init__(self, metrics: Metrics) -> None:
        self._errors = metrics.unexpected_errors.labels("http")

    async def __call__(self, _request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", error_type=type(error).__name__, exc_info=error)
        self._errors.inc()
        return JSONResponse({"detail": "internal error"}, status_code=500)
