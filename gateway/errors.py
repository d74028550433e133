"""Errors that carry their HTTP status: raised anywhere below a route, answered as `{"detail": "<text>"}`."""

from typing import ClassVar

from starlette.exceptions import HTTPException


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
