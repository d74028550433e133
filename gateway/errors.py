"""Errors that carry their HTTP status: raised anywhere below a route, answered as `{"detail": "<text>"}`."""

from typing import ClassVar

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

log = structlog.get_logger(__name__)


class GatewayError(HTTPException):
    """An expected failure of a request. Subclasses say the status; the message is for the caller."""

    status: ClassVar[int] = 500

    def __init__(self, detail: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(self.status, detail, headers)


class BadRequest(GatewayError):
    """The request is well formed, but cannot be served as it is."""

    status = 400


class NotFound(GatewayError):
    """What was asked for does not exist."""

    status = 404


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

    def __init__(self, detail: str, *, retry_after_seconds: int | None = None) -> None:
        headers = None if retry_after_seconds is None else {"Retry-After": str(retry_after_seconds)}
        super().__init__(detail, headers=headers)


async def answer_unexpected(_request: Request, error: Exception) -> JSONResponse:
    """An error that nobody expected: logged with its trace, answered without it."""
    log.error("unexpected error", error_type=type(error).__name__, exc_info=error)
    return JSONResponse({"detail": "internal error"}, status_code=500)
