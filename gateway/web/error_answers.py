"""How errors are answered that no route raised on purpose: input that is not valid, and errors of the code itself."""

import json
from collections import deque
from collections.abc import Collection
from itertools import islice
from typing import Any

import orjson
import structlog
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.database.retry import AWAY, first_line
from gateway.errors import Unavailable
from gateway.telemetry.metrics import Metrics

MOST_PROBLEMS = 100
MOST_VALUES = 200  # of an input that is told, each in so many characters at most
MOST_CHARACTERS = 2_000
log = structlog.get_logger(__name__)


async def answer_invalid(_request: Request, error: Exception) -> Response:
    """FastAPI's 422, also for input that it cannot print itself: NaN, lone surrogates, deep nests."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it is registered for
    problems = [without_large_input(dict(problem)) for problem in error.errors()[:MOST_PROBLEMS]]
    try:
        content = orjson.dumps({"detail": jsonable_encoder(problems)})
    except (TypeError, ValueError, RecursionError):
        bare = [{"type": one["type"], "loc": [str(part) for part in one["loc"]], "msg": one["msg"]} for one in problems]
        content = json.dumps({"detail": bare}).encode("ascii")
    return Response(content, 422, media_type="application/json")


def without_large_input(problem: dict[str, Any]) -> dict[str, Any]:
    """A problem that does not repeat all that was sent: writing it down would hold everybody up."""
    if "input" in problem and not is_small(problem["input"]):
        del problem["input"]
    return problem


def is_small(value: object) -> bool:
    """Looks at `MOST_VALUES` values, and no further."""
    seen, left = 0, deque([value])
    while left:
        one = left.pop()
        seen += 1
        if isinstance(one, dict):
            parts: Collection[object] = [*islice(one.keys(), MOST_VALUES), *islice(one.values(), MOST_VALUES)]
        elif isinstance(one, list):
            parts = one[:MOST_VALUES]
        else:
            parts = ()
            if isinstance(one, str | bytes) and len(one) > MOST_CHARACTERS:
                return False
            if isinstance(one, int) and one.bit_length() > MOST_CHARACTERS:
                return False
        left.extend(parts)
        if seen + len(left) > MOST_VALUES:
            return False
    return True


class AnswerDatabaseFault:
    """A database's fault that no route expected is no fault of the caller: 503, and nothing of what Postgres says."""

    def __init__(self, metrics: Metrics) -> None:
        self._errors = metrics.unexpected_errors.labels("database")

    async def __call__(self, _request: Request, error: Exception) -> Response:
        if isinstance(error, AWAY):
            log.warning("database_away", during="request", error=first_line(error))
        else:
            log.error(
                "statement_failed", error=first_line(error), error_type=type(error).__name__
            )  # a trace quotes values
            self._errors.inc()
        away = Unavailable("the database is not available")
        return JSONResponse({"detail": away.detail}, away.status_code, away.headers)


class AnswerUnexpected:
    """Answers errors of the code itself: logged with its trace, counted, and answered without it."""

    def __init__(self, metrics: Metrics) -> None:
        self._errors = metrics.unexpected_errors.labels("http")

    async def __call__(self, _request: Request, error: Exception) -> JSONResponse:
        log.error("request_broke", error_type=type(error).__name__, exc_info=error)
        self._errors.inc()
        return JSONResponse({"detail": "internal error"}, status_code=500)
