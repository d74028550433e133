"""The words in a message's content, whatever its type, and the kind of words they are.

Kinds are the export's content types, with two exceptions: text typed beside images (`multimodal_text`) is "text", and
spoken words are "voice".
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NOT_WORDS: Final = frozenset({"content_type", "type", "id", "language", "url", "domain", "asset_pointer", "signature"})
_DEEPEST: Final = 8  # levels searched for text in content of an unknown type


def clean(text: str) -> str:
    """Without what Postgres refuses: NUL is dropped, half a surrogate pair becomes U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    try:
        text.encode()  # several times faster than searching
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def words(content: Any, text: Any = None) -> tuple[str, str]:
    """(kind, text) of a message's `content`; `text` is the older field beside it, used when content has no words."""
    kind, found = "text", ""
    if isinstance(content, dict):
        kind, found = _typed(content)
    elif isinstance(content, str):
        found = content
    elif isinstance(content, list):
        kind, found = _parts(content)
    if not found and isinstance(text, str):
        found = text
    return kind, clean(found)


def thinking(content: list[Any]) -> str:
    """The thinking blocks of a Claude message."""
    return clean(_join(part.get("thinking") for part in content if isinstance(part, dict)))


def attached(attachments: Any) -> str:
    """The texts of files that were attached to a Claude message."""
    if not isinstance(attachments, list):
        return ""
    return clean(_join(part.get("extracted_content") for part in attachments if isinstance(part, dict)))


def _typed(content: dict[str, Any]) -> tuple[str, str]:
    kind = content.get("content_type") or "text"
    if not isinstance(kind, str):
        kind = "unknown"
    parts = content.get("parts")
    if kind in ("text", "multimodal_text") and isinstance(parts, list | tuple):
        if len(parts) == 1 and isinstance(parts[0], str):
            return "text", parts[0]
        return _parts(parts)
    read = _READERS.get(kind)
    found = read(content) if read else ""
    return clean(kind), found or _any_text(content)


def _parts(parts: Sequence[Any]) -> tuple[str, str]:
    spoken = any(isinstance(part, dict) and _is_spoken(part) for part in parts)
    return "voice" if spoken else "text", _join(part.get("text") if isinstance(part, dict) else part for part in parts)


def _is_spoken(part: dict[str, Any]) -> bool:
    return part.get("content_type") == "audio_transcription" or part.get("type") == "voice_note"


def _join(pieces: Iterable[Any]) -> str:
    return "\n".join(piece for piece in pieces if isinstance(piece, str) and piece.strip())


def _fields(*names: str) -> Callable[[dict[str, Any]], str]:
    return lambda content: _join(content.get(name) for name in names)


def _thoughts(content: dict[str, Any]) -> str:
    thoughts = content.get("thoughts")
    if not isinstance(thoughts, list):
        return ""
    return _join(_join((t.get("summary"), t.get("content"))) for t in thoughts if isinstance(t, dict))


_READERS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "code": _fields("text"),
    "execution_output": _fields("text"),
    "tether_quote": _fields("title", "text"),
    "tether_browsing_display": _fields("result", "summary"),
    "thoughts": _thoughts,
    "reasoning_recap": _fields("content"),
    "system_error": _fields("name", "text"),
}


def _any_text(content: dict[str, Any]) -> str:
    """Every text in content of a type that nobody has described, in order, without ids and addresses."""
    found: list[str] = []
    waiting: list[tuple[Any, int]] = [(content, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            found.append(value)
        elif depth < _DEEPEST and isinstance(value, dict):
            inner = [part for name, part in value.items() if name not in _NOT_WORDS and not str(name).endswith("_id")]
            waiting.extend((part, depth + 1) for part in reversed(inner))
        elif depth < _DEEPEST and isinstance(value, list):
            waiting.extend((part, depth + 1) for part in reversed(value))
    return _join(found)
