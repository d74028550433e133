"""Structured logs: JSON lines in production, readable lines in a terminal; the request id is added by itself."""

import hashlib
import logging
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import orjson
import structlog

from gateway.settings import Settings

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


def configure_logging(settings: Settings) -> None:
    """Set the process's logs up, once, at its start. Logs go to standard error."""
    level = getattr(logging, settings.log_level.upper(), logging.INFO)
    shared: list[structlog.typing.Processor] = [
        add_request_id,
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
    ]
    if settings.log_format == "json":
        structlog.configure(
            processors=[*shared, structlog.processors.JSONRenderer(serializer=_to_json)],
            wrapper_class=structlog.make_filtering_bound_logger(level),
            logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
            cache_logger_on_first_use=True,
        )
    else:
        structlog.configure(
            processors=[*shared, structlog.dev.ConsoleRenderer()],
            wrapper_class=structlog.make_filtering_bound_logger(level),
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
            cache_logger_on_first_use=True,
        )
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr, force=True)


def add_request_id(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Bind the id of the request that is being answered, if any."""
    if request_id := REQUEST_ID.get():
        event.setdefault("request_id", request_id)
    return event


def hash_user(user_id: str) -> str:
    """A user as logs show it: the same user gives the same 16 hex digits, and nobody reads the id from them."""
    return hashlib.blake2b(user_id.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _to_json(event: dict[str, Any], **_options: Any) -> bytes:
    return orjson.dumps(event, default=str)
