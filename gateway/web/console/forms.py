"""Reads what a page's form sends: urlencoded, at most 8 KiB, each field once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from gateway.errors import BadRequest, BodyTooLarge

MOST_BYTES: Final = 8 * 1024
MOST_FIELDS: Final = 100
LONGEST_WHY: Final = 1000


class FieldError(Exception):
    """One field cannot be what was typed; the page shows the problem beside it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed. Blanks around a value are not part of it."""

    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """The field, empty if it was not sent."""
        return self.values.get(name, "")

    def required(self, name: str, problem: str) -> str:
        """The field. Raises FieldError with the problem if it is empty."""
        if not self[name]:
            raise FieldError(name, problem)
        return self[name]

    def number(self, name: str) -> float:
        """The field as a number, with a decimal point or comma, with or without a percent sign. Raises FieldError."""
        text = self[name].removesuffix("%").strip().replace(",", ".")
        try:
            return float(text)
        except ValueError:
            raise FieldError(name, f"{self[name]!r} is no number" if text else "is empty") from None

    def why(self, name: str = "why") -> str:
        """The reason, as the history can keep it. Raises FieldError."""
        if len(self[name]) > LONGEST_WHY:
            raise FieldError(name, f"is longer than {LONGEST_WHY:,} characters")
        return self[name]


async def read_form(request: Request) -> Form:
    """The body of a POST. Raises BodyTooLarge and BadRequest."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise BodyTooLarge(MOST_BYTES)
    return parse_form(bytes(body))


def parse_form(body: bytes) -> Form:
    """A form's fields; of one that is sent several times, all, separated by lines. Raises BadRequest."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise BadRequest("the form cannot be read") from None
    values: dict[str, str] = {}
    for name, value in pairs:
        if "\0" in value or "\0" in name:
            raise BadRequest("the form cannot be read")
        values[name] = f"{values[name]}\n{value.strip()}" if name in values else value.strip()
    return Form(values)
