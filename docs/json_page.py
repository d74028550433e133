"""The reference page of what commands print with `--json`: their types, and the comments beside fields."""

import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import datetime
from textwrap import dedent
from typing import Any
from uuid import UUID

from gateway.cli.documents.commands import DOCUMENTS, SILENT

EXTENDS = re.compile(r"class \w+\((\w+)\)")
COMMENT = re.compile(r"^\s*\"?(\w+)\"?\s*:.*?\s# (.+)$", re.MULTILINE)
WORDS: Mapping[Any, str] = {
    str: "text", int: "integer", float: "number", bool: "true or false", UUID: "text, a UUID", type(None): "null",
    datetime: "text, a moment in ISO 8601", Any: "anything",
}  # fmt: skip
INTRODUCTION = f"""# What `--json` prints

One document on standard output, on success; notes and errors are lines on standard error. All commands have it but
{", ".join(f"`{name}`" for name in SILENT)}. A field is always there unless it says that it may be absent; more fields
may come, none goes or changes its meaning within a version.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 somebody does not answer, 4 there is no such thing.
"""


def json_page(note: str) -> str:
    rows = [
        f"| `gateway {command}{f' {options}' if options else ''}` | {name_type(shape)} |"
        for command, documents in DOCUMENTS.items()
        for options, shape in documents
    ]
    table = "\n".join(["| command | document |", "|---|---|", *rows])
    return f"{note}{INTRODUCTION}\n{table}\n\n" + "\n".join(section(one) for one in all_types()).rstrip() + "\n"


def all_types() -> list[Any]:
    """Every type with fields that a document is made of, by name."""
    found: dict[str, Any] = {}
    for documents in DOCUMENTS.values():
        for _, shape in documents:
            for one in types_in(shape):
                if found.setdefault(one.__name__, one) is not one:
                    raise ValueError(f"two types of the documents are called {one.__name__}")
    return [found[name] for name in sorted(found)]


def types_in(shape: Any, seen: frozenset[Any] = frozenset()) -> Iterator[Any]:
    if has_fields(shape) and shape not in seen:
        yield shape
        for hint in fields_of(shape).values():
            yield from types_in(hint, seen | {shape})
    for part in typing.get_args(shape):
        yield from types_in(part, seen)


def has_fields(shape: Any) -> bool:
    struct = hasattr(shape, "__struct_fields__")
    return isinstance(shape, type) and (struct or dataclasses.is_dataclass(shape) or typing.is_typeddict(shape))


def fields_of(shape: Any) -> Mapping[str, Any]:
    """Name and type of each field that is printed, in its order."""
    hints = typing.get_type_hints(shape)
    if hasattr(shape, "__struct_fields__"):
        return dict(zip(shape.__struct_encode_fields__, (hints[name] for name in shape.__struct_fields__), strict=True))
    names = [field.name for field in dataclasses.fields(shape)] if dataclasses.is_dataclass(shape) else list(hints)
    return {name: hints[name] for name in names}


def section(shape: Any) -> str:
    optional: frozenset[str] = getattr(shape, "__optional_keys__", frozenset())
    said = comments_of(shape)
    rows = [
        f"| `{name}` | {name_type(hint)} | {may_be(absent=name in optional, said=said.get(name, ''))} |"
        for name, hint in fields_of(shape).items()
    ]
    about = " ".join((shape.__doc__ or "").split("\n\n")[0].split()).replace("|", "\\|")
    return "\n".join([f"## {shape.__name__}", "", about, "", "| field | type | |", "|---|---|---|", *rows, ""])


def may_be(*, absent: bool, said: str) -> str:
    return "; ".join(part for part in ("may be absent" * absent, said) if part)


def comments_of(shape: Any) -> Mapping[str, str]:
    """What is written beside the fields, those of the type that it extends too."""
    try:
        source = dedent(inspect.getsource(shape))
    except (OSError, TypeError):  # made by a call
        return {}
    extended = EXTENDS.match(source)
    below = getattr(inspect.getmodule(shape), extended[1], None) if extended else None
    inherited = comments_of(below) if has_fields(below) else {}
    return {**inherited, **{name: text.replace("|", "\\|") for name, text in COMMENT.findall(source)}}


def name_type(hint: Any) -> str:
    """A type in words; one with fields as a link to them."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is not None:
        return name_generic(origin, parts)
    if has_fields(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return WORDS.get(hint, f"`{getattr(hint, '__name__', hint)}`")


def name_generic(origin: Any, parts: tuple[Any, ...]) -> str:
    """`list[int]` and the like."""
    if origin in (typing.Annotated, typing.NotRequired):
        return name_type(parts[0])
    if origin is typing.Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(name_type(part) for part in parts)
    if origin is tuple and parts[-1] is not Ellipsis:
        return "list: " + ", ".join(name_type(part) for part in parts)
    if issubclass(origin, Mapping):
        return f"object: {name_type(parts[0])} → {name_type(parts[1])}"
    return f"list of {name_type(parts[0])}"
