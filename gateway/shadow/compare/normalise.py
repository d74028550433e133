"""Values as a comparison sees them: without what differs between two right answers (time stamps, ids, spacing)."""

import re
import unicodedata
from typing import Any

import msgspec

from pipelines.contract import NOT_ENOUGH

MAX_TEXT = 200_000  # characters; what comes after is not compared
MAX_ITEMS = 500

_VOLATILE = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"  # ids
    r"|\b\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?"  # time stamps
    r"|\b1[0-9]{9}(?:\.\d+)?\b",  # seconds since the epoch
)
_WORD = re.compile(r"\w+(?:['’]\w+)*")  # noqa: RUF001 - people type both


def clean_text(value: str) -> str:
    """Case, spacing, Unicode form, ids and time stamps do not matter."""
    plain = unicodedata.normalize("NFKC", value[:MAX_TEXT]).casefold()
    return " ".join(_VOLATILE.sub(" ", plain).split())


def words(value: str) -> list[str]:
    """The words of a text, cleaned; punctuation is gone."""
    return _WORD.findall(clean_text(value))


def is_missing(value: Any, depth: int = 3) -> bool:
    """Whether nothing is said: empty, null, or the words for "not enough data". Below `depth` all counts as said."""
    if isinstance(value, str):
        return clean_text(value).strip(" .-*_") in ("", NOT_ENOUGH)
    if isinstance(value, list | tuple | set | frozenset):
        return depth > 0 and all(is_missing(item, depth - 1) for item in value)
    return value is None or value == {}


def as_text(value: Any) -> str:
    """Any value as text; the order of an object's keys does not matter."""
    if isinstance(value, str):
        return value
    try:
        return msgspec.json.encode(value, order="deterministic").decode("utf-8", "replace")
    except (TypeError, ValueError, OverflowError, RecursionError):
        return f"({type(value).__name__})"


def as_items(value: Any) -> list[str]:
    """A value as the items that it lists, cleaned, each once, in a fixed order; a single value is a list of one."""
    listed = value if isinstance(value, list | tuple | set | frozenset) else [value]
    items = {clean_text(as_text(item)) for item in listed if not is_missing(item)}
    return sorted(items)[:MAX_ITEMS]


def sample(value: Any, limit: int = 240) -> str:
    """A bounded piece of a value, to show to a person; what a list holds is sorted, so that two can be compared."""
    if isinstance(value, list | tuple | set | frozenset):
        value = sorted(map(as_text, value))
    text = "" if is_missing(value) else as_text(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
