"""Holding what commands print with `--json` to the shape that the reference documents, with no field more or less."""

import json
from functools import cache
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from gateway.cli.documents.commands import DOCUMENTS, shape_of


def wrong_in(arguments: tuple[str, ...], printed: str) -> list[str]:
    """What does not have the documented shape; a line each, with its place."""
    errors = validator(arguments).iter_errors(json.loads(printed))
    return [f"{error.json_path}: {error.message}" for error in errors]


def command_of(arguments: tuple[str, ...]) -> str:
    """The command's name as the reference has it."""
    return next(name for name in (" ".join(arguments[:2]), arguments[0]) if name in DOCUMENTS)


def validator(arguments: tuple[str, ...]) -> Draft202012Validator:
    command, shape = command_of(arguments), shape_of(arguments)
    return validator_for(command, next(at for at, (_, one) in enumerate(DOCUMENTS[command]) if one == shape))


@cache
def validator_for(command: str, number: int) -> Draft202012Validator:
    return Draft202012Validator(closed(msgspec.json.schema(DOCUMENTS[command][number][1])))


def closed(schema: Any) -> Any:
    """The same, in which an object has no fields but those that are named, and all of those without a default too."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(one) for name, one in schema.items() if name != "properties"}
    if schema.get("type") == "object" and "properties" in schema:
        fields = {name: closed(one) for name, one in schema["properties"].items()}
        always = [name for name, one in fields.items() if name in schema.get("required", ()) or "default" in one]
        return {**inner, "properties": fields, "required": always, "additionalProperties": False}
    return inner
