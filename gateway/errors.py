"""Errors that carry their HTTP status: raised anywhere below a route, answered as `{"detail": "<text>"}`."""

from typing import Any, ClassVar, cast

from starlette.exceptions import HTTPException


class GatewayError(HTTPException):
    """An expected failure of a request. Subclasses say the status; the message is for the caller."""

    status: ClassVar[int] = 500

    def __init__(self, detail: str | list[dict[str, Any]], *, headers: dict[str, str] | None = None) -> None:
        super().__init__(self.status, cast("str", detail), headers)  # Starlette passes it on as it is


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
    """The database holds no such value as this request's: it would be refused again. Answered as FastAPI's own 422."""

    status = 422

    def __init__(self, field: str, problem: str, *, place: str = "body") -> None:
        super().__init__([{"type": "value_error", "loc": [place, field], "msg": f"Value error, {problem}"}])


class Unavailable(GatewayError):
    """Nothing was accepted, or it is not known whether it was: the caller may try again."""

    status = 503

    def __init__(self, detail: str, retry_after_seconds: int = 5) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)})


class TooManyBodies(Unavailable):
    """The bodies of all open requests together are above the limit; the connection is closed, as above."""

    def __init__(self) -> None:
        super().__init__("too many large requests are open")
        assert self.headers is not None  # noqa: S101 - set above
        self.headers = {**self.headers, "Connection": "close"}
