"""A section as Markdown: what was found, in sentences and lists, and one line for what was not."""

from collections.abc import Mapping
from typing import Any

from pipelines.contract import NOT_ENOUGH, SECTION_FIELDS, SectionName

TITLES: dict[SectionName, str] = {
    "soul": "Soul: voice and temperament",
    "identity": "Identity: the assistant's character",
    "user": "User: the person",
    "agents": "Agents: how to work with the person",
    "tools": "Tools: what the assistant is used for",
}


def render_section(name: SectionName, fields: Mapping[str, Any], level: int = 1) -> str:
    """The section under a heading of the given level, its fields in their given order."""
    found = [(field, value) for field, value in fields.items() if not is_missing(value)]
    missing = [field for field in SECTION_FIELDS[name] if is_missing(fields.get(field))]
    parts = [f"{'#' * level} {TITLES[name]}", *(_render(field, value) for field, value in found)]
    if missing:
        parts.append(f"_Not enough data yet for: {', '.join(map(_words, missing))}._")
    return "\n\n".join(parts) + "\n"


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
