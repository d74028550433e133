"""Routes that take an export: a large body is read in a process of its own, and FastAPI reads what is left of it.

Reading one takes seconds, in which this process has others to answer.
"""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ClassVar, NamedTuple

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from gateway.web.routes.imports.body import dump_json
from gateway.web.routes.imports.fast_path import LARGE_BYTES, read_body, replay
from gateway.web.routes.imports.large_json import Problems, compute_large, read_as, read_or_problems

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Apart(NamedTuple):
    """A body that was read: `export` is the field that is large, as JSON; `rest`, the body without what is in it."""

    rest: bytes
    export: bytes


class LargeBodyRoute(APIRoute):
    """A route whose `field` may be large. Endpoints find it with `export_apart` where it was."""

    field: ClassVar[str]

    def get_route_handler(self) -> Handler:
        """FastAPI's handler, before which large bodies are read."""
        answer = super().get_route_handler()
        assert self.body_field is not None  # noqa: S101 - a route of this kind has a body
        model = self.body_field.field_info.annotation

        async def handle(request: Request) -> Response:
            data = await read_body(request.receive)
            if data is None:
                return Response(status_code=400)  # nobody is there to read it
            if len(data) > LARGE_BYTES:
                apart = await read_apart(request, data, model, self.field)
                request.scope["export_apart"], data = apart.export, apart.rest
            return await answer(Request(request.scope, replay(data)))

        return handle


class ConversationsRoute(LargeBodyRoute):
    """A list of conversations."""

    field = "conversations"


class ConversationsTextRoute(LargeBodyRoute):
    """An export as text."""

    field = "conversations_json"


def export_apart(request: Request) -> bytes | None:
    """The export of a large body; None of a small one, in which it is still a field like all others."""
    export: bytes | None = request.scope.get("export_apart")
    return export


async def read_apart(request: Request, data: bytes, model: Any, field: str) -> Apart:
    """Raises `Unavailable` and RequestValidationError."""
    if not is_called_json(request.headers.get("content-type", "")):
        raise RequestValidationError(
            [{"type": "json_invalid", "loc": ("body",), "msg": "the body is not sent as JSON"}]
        )
    found = await compute_large(request.state.large_bodies, set_apart, data, model, field)
    if isinstance(found, Apart):
        return found
    raise RequestValidationError(found)


def is_called_json(content_type: str) -> bool:
    """As FastAPI judges it; what is not called anything is JSON, too."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in ("", "application/json") or (kind.startswith("application/") and kind.endswith("+json"))


def set_apart(data: bytes, model: type[BaseModel], field: str) -> Apart | Problems:
    """A large body, or what is wrong with it. For a worker process."""
    body = read_or_problems(data, partial(read_as, model))
    if isinstance(body, list):
        return body
    value = getattr(body, field)
    export = value.encode("utf-8", "replace") if isinstance(value, str) else b"" if value is None else dump_json(value)
    rest = dump_json({**body.model_dump(exclude={field}), field: None if value is None else type(value)()})
    if len(rest) > LARGE_BYTES:
        return [{"type": "too_long", "loc": ("body",), "msg": f"all but {field} is larger than {LARGE_BYTES} bytes"}]
    return Apart(rest, export)
