"""A section as Markdown: what was found, in sentences and lists, and one line for what was not."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.contract import NOT_ENOUGH, SECTION_FIELDS, SectionName

NOT_ENOUGH_FOR = "_Not enough data yet for: "
TITLES: dict[SectionName, str] = {
    "soul": "Soul: voice and temperament",
    "identity": "Identity: the assistant's character",
    "user": "User: the person",
    "agents": "Agents: how to work with the person",
    "tools": "Tools: what the assistant is used for",
}


def render_section(name: SectionName, fields: Mapping[str, Any]) -> str:
    """The section as a document: its fields in their given order, and a line of those that say nothing."""
    missing = missing_fields(name, fields)
    return f"{render_found(name, fields)}\n{not_enough_for(missing)}\n" if missing else render_found(name, fields)


def render_found(name: SectionName, fields: Mapping[str, Any], level: int = 1) -> str:
    """The fields that say something, under a heading of the given level."""
    found = [_render(field, value) for field, value in fields.items() if not is_missing(value)]
    return "\n\n".join([f"{'#' * level} {TITLES[name]}", *found]) + "\n"


def missing_fields(name: SectionName, fields: Mapping[str, Any]) -> list[str]:
    """What a section says nothing of, in words."""
    return [_words(field) for field in SECTION_FIELDS[name] if is_missing(fields.get(field))]


def says_anything(fields: Mapping[str, Any]) -> bool:
    """Whether any field says something."""
    return not all(map(is_missing, fields.values()))


def not_enough_for(missing: Sequence[str]) -> str:
    """One line for all that is missing."""
    return f"{NOT_ENOUGH_FOR}{', '.join(missing)}._"


def is_missing(value: Any) -> bool:
    """Whether a field says nothing."""
    if isinstance(value, str):
        return not value.strip() or value.strip().casefold().rstrip(".") == NOT_ENOUGH
    return value is None or (isinstance(value, list | tuple | dict) and all(map(is_missing, _values(value))))


def _values(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value)


def _render(field: str, value: Any) -> str:
    label = f"**{_words(field).capitalize().replace('Ai ', 'AI ')}**"
    items = [_inline(item) for item in value if not is_missing(item)] if isinstance(value, list | tuple) else []
    if len(items) > 1:
        return "\n".join([f"{label}:\n", *(f"- {item}" for item in items)])
    return f"{label}: {items[0] if items else _inline(value)}"


def _inline(value: Any) -> str:
    """One line; a mapping as `first value (the rest)`."""
    if isinstance(value, dict):
        first, *rest = [" ".join(str(v).split()) for v in value.values() if not is_missing(v)]
        return f"{first} ({', '.join(rest)})" if rest else first
    return " ".join(str(value).split())


def _words(field: str) -> str:
    return field.replace("_", " ")
