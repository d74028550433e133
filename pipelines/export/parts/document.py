"""The shapes of an export's outermost level: an array, `{"conversations": [...]}`, or one conversation alone."""

from collections.abc import Iterator
from typing import Final

from pipelines.contract import ExportError
from pipelines.export.json_text.cursor import Cursor, Span
from pipelines.export.parts.outline import Outline, read_outline

_BOM: Final = b"\xef\xbb\xbf"
_TAR_AT: Final = 257  # bytes before a tar archive says what it is
EXPECTED: Final = "expected an array of conversations, as in ChatGPT's conversations.json"

_MANIFEST: Final = frozenset(["export_id", "files"])

Piece = Span | Outline


class EmptyTextError(ExportError):
    """A file without a single character."""


def pieces(cursor: Cursor) -> Iterator[Piece]:
    """Every element that may be a conversation, in file order; raises `ExportError` where the text breaks off."""
    if bytes(cursor.window.view(0, 3)[:3]) == _BOM:
        cursor.position = 3
    first = cursor.peek()
    if first == "[":
        yield from _array(cursor)
    elif first == "{":
        yield from _object(cursor)
    else:
        if not first:
            raise EmptyTextError(f"The export is empty; {EXPECTED}.")
        raise ExportError(_foreign(cursor))
    if cursor.peek():
        raise ExportError(f"The export goes on after its end, at byte {cursor.position:,}; {EXPECTED}.")


def _array(cursor: Cursor) -> Iterator[Piece]:
    for count, _ in enumerate(cursor.items()):
        if count >= cursor.limits.elements:
            raise ExportError(f"The export holds more than {cursor.limits.elements:,} conversations.")
        span = cursor.value(cursor.limits.whole_bytes)
        if span is not None:
            yield span
        elif cursor.peek() == "{":
            yield read_outline(cursor)
        else:
            cursor.pass_over()


def _object(cursor: Cursor) -> Iterator[Piece]:
    """A wrapper has an array called `conversations`; anything else may be one conversation."""
    outline = Outline(cursor.window)
    wrapped = False
    names: set[str] = set()
    for name in cursor.names():
        if len(names) < 100:
            names.add(name)
        if name == "conversations" and cursor.peek() == "[":
            wrapped = True
            yield from _array(cursor)
        else:
            outline.note(name, cursor)
    if not wrapped:
        if names >= _MANIFEST:
            raise ExportError(f"This is a manifest, the list of an export's files, without their content; {EXPECTED}.")
        yield outline


def _foreign(cursor: Cursor) -> str:
    head = bytes(cursor.window.view(cursor.position, 24)[:24])
    if bytes(cursor.window.view(_TAR_AT, 5)[:5]) == b"ustar":
        return f"This is a tar archive; {EXPECTED}, or the ZIP file with it."
    return f"This is not a ChatGPT export: it begins with {head.decode('utf-8', 'replace')!r}; {EXPECTED}."
