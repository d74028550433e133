"""The shapes of an export's outermost level: an array, `{"conversations": [...]}`, or one conversation alone."""

from collections.abc import Iterator
from typing import Final

from pipelines.contract import ExportError
from pipelines.export.cursor import Cursor, Span

_BOM: Final = b"\xef\xbb\xbf"
_EXPECTED: Final = "expected an array of conversations, as in ChatGPT's conversations.json"


def spans(cursor: Cursor) -> Iterator[Span]:
    """Every element that may be a conversation, in file order; raises `ExportError` where the text breaks off."""
    if bytes(cursor.window.view(0, 3)[:3]) == _BOM:
        cursor.position = 3
    first = cursor.peek()
    if first == "[":
        yield from _array(cursor)
    elif first == "{":
        yield from _object(cursor)
    else:
        raise ExportError(f"The export is empty; {_EXPECTED}." if not first else _foreign(cursor))
    if cursor.peek():
        raise ExportError(f"The export goes on after its end, at byte {cursor.position:,}; {_EXPECTED}.")


def _array(cursor: Cursor) -> Iterator[Span]:
    cursor.skip()
    while (mark := cursor.peek()) != "]":
        if not mark:
            raise _cut(cursor)
        yield cursor.value()
        mark = cursor.peek()
        if mark == ",":
            cursor.skip()
        elif mark and mark != "]":
            raise ExportError(f"The export is not valid JSON: a comma is missing at byte {cursor.position:,}.")
    cursor.skip()


def _object(cursor: Cursor) -> Iterator[Span]:
    start, wrapped = cursor.position, False
    cursor.skip()
    while (mark := cursor.peek()) != "}":
        key = _key(cursor, mark)
        if key == "conversations" and cursor.peek() == "[":
            wrapped = True
            yield from _array(cursor)
        else:
            cursor.value()
        if cursor.peek() == ",":
            cursor.skip()
    cursor.skip()
    if not wrapped:
        length = cursor.position - start
        yield Span(cursor.window.view(start, length)[:length], start, strict=True)


def _key(cursor: Cursor, mark: str) -> str:
    if not mark:
        raise _cut(cursor)
    if mark != '"':
        raise ExportError(f"The export is not valid JSON at byte {cursor.position:,}: a name was expected.")
    name = bytes(cursor.value().view).strip().strip(b'"').decode("utf-8", "replace")
    if cursor.peek() != ":":
        raise ExportError(f"The export is not valid JSON at byte {cursor.position:,}: a colon was expected.")
    cursor.skip()
    return name


def _cut(cursor: Cursor) -> ExportError:
    return ExportError(
        f"The export is cut off: the file ends at byte {cursor.position:,}, before the end of the array. "
        "Please export or upload it again."
    )


def _foreign(cursor: Cursor) -> str:
    head = bytes(cursor.window.view(cursor.position, 24)[:24])
    return f"This is not a ChatGPT export: it begins with {head.decode('utf-8', 'replace')!r}; {_EXPECTED}."
