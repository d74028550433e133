"""Structured logs: JSON lines in production, readable lines in a terminal; the request id is added by itself."""

import asyncio
import atexit
import hashlib
import json
import logging
import sys
import threading
from collections import deque
from collections.abc import MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import IO, Any, Final

import orjson
import structlog
from structlog.typing import FilteringBoundLogger

from gateway.config.settings import Settings
from gateway.database.refusal import format_error

MOST_LINES = 256  # that wait together
NOBODY: Final = hashlib.blake2b(digest_size=8)  # to copy one costs a third of making it
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


def configure_logging(settings: Settings) -> None:
    """Set the process's logs up, once, at its start. Logs go to standard error."""
    level = getattr(logging, settings.log_level.upper(), logging.INFO)
    if settings.log_format == "json":
        lines = Lines(sys.stderr.buffer)
        atexit.register(lines.flush)
        structlog.configure(
            processors=[format_exc_info, render_json],
            wrapper_class=json_logger(level),
            logger_factory=lambda *_: lines,
            cache_logger_on_first_use=True,
        )
    else:
        structlog.configure(
            processors=[
                add_request_id,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
                format_exc_info,
                structlog.dev.ConsoleRenderer(),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(level),
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
            cache_logger_on_first_use=True,
        )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LibraryFormatter(logging.BASIC_FORMAT))
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)


def json_logger(level: int) -> type[FilteringBoundLogger]:
    """structlog's logger; what each request writes passes by its chain of calls, which cost as much as the line."""
    filtering = structlog.make_filtering_bound_logger(level)
    if level > logging.INFO:
        return filtering

    class JsonLogger(filtering):  # type: ignore[valid-type, misc]
        def info(self, event: str, *args: Any, **fields: Any) -> Any:
            if args or "exc_info" in fields or self._processors[-1] is not render_json:
                return super().info(event, *args, **fields)
            return self._logger.info(render_json(self._logger, "info", {**self._context, **fields, "event": event}))

    return JsonLogger


format_exc_info = structlog.processors.ExceptionRenderer(lambda info: format_error(info[1]))


class LibraryFormatter(logging.Formatter):
    """Lines of libraries, the job engine's among them: their traces, too, never tell what a row holds."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return format_error(ei[1]) if ei[1] is not None else ""


def add_request_id(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Bind the id of the request that is being answered, if any."""
    if request_id := REQUEST_ID.get():
        event.setdefault("request_id", request_id)
    return event


def hash_user(user_id: str) -> str:
    """A user as logs show it: the same user gives the same 16 hex digits, and nobody reads the id from them."""
    digest = NOBODY.copy()
    digest.update(user_id.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def render_json(_logger: Any, method: str, event: MutableMapping[str, Any]) -> bytes:
    """The line: what is the same in all of them, and the event's own fields."""
    add_request_id(_logger, method, event)
    event["level"] = method
    event["time"] = now = datetime.now(UTC)
    try:
        return orjson.dumps(event, default=str)
    except TypeError:  # half of a surrogate pair, or a number beyond 64 bits
        event["time"] = now.isoformat()
        return json.dumps(event, default=str, ensure_ascii=False).encode("utf-8", "replace")


class Lines:
    """Writes the lines of one turn of the event loop together; a warning, or worse, is written without delay.

    Under load a turn has a dozen lines: one system call instead of a dozen.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._waiting: deque[bytes] = deque()
        self._writing = threading.Lock()

    def info(self, line: bytes) -> None:
        """Written when the loop comes around; now, when no loop runs in this thread."""
        self._waiting.append(line)
        if 1 < len(self._waiting) < MOST_LINES:
            return
        try:
            asyncio.get_running_loop().call_soon(self.flush)
        except RuntimeError:
            self.flush()

    def warning(self, line: bytes) -> None:
        """Written now: the process may be about to end."""
        self._waiting.append(line)
        self.flush()

    debug = info
    error = critical = warning

    def flush(self) -> None:
        """Write everything that waits."""
        with self._writing:
            lines = []
            while self._waiting:  # also what another thread leaves to us just now
                lines.append(self._waiting.popleft())
            if lines:
                self._stream.write(b"\n".join([*lines, b""]))
                self._stream.flush()
