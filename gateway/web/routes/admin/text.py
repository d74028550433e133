"""What no text of Postgres can hold is refused by the name of its field: in a path, in a query, in a body."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator

from gateway.web.routes.imports.body import is_encodable

BIGGEST_ID = 2**63 - 1  # of rows
NUL = "\x00"


def check_storable(text: str) -> str:
    """Raises ValueError."""
    if NUL in text:
        raise ValueError("holds a NUL")
    if not is_encodable(text):
        raise ValueError("holds half of a surrogate pair")
    return text


Storable = Annotated[str, AfterValidator(check_storable)]


def refuse_nul(request: Request) -> None:
    """A dependency of routes. Raises RequestValidationError."""
    if wrong := list(holding_nul(request)):
        raise RequestValidationError(wrong)


def holding_nul(request: Request) -> Iterator[dict[str, Any]]:
    """What is wrong, in FastAPI's own form."""
    given = [("path", name, value) for name, value in request.path_params.items()]
    given += [("query", name, value) for name, value in request.query_params.multi_items()]
    for where, name, value in given:
        if NUL in str(value):
            yield {"type": "value_error", "loc": (where, name), "msg": "Value error, holds a NUL", "input": value}
