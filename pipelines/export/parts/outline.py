"""Where the parts of one conversation are in the file, for a conversation too large to be decoded at once."""

from collections.abc import Iterator
from typing import Final, TypeVar

from pipelines.contract import ExportError
from pipelines.export.json_text.cursor import Cursor
from pipelines.export.json_text.window import Window
from pipelines.export.parts.wire import FLAT, Element

T = TypeVar("T")

_LENGTH_BITS: Final = 40  # a place is one number, start and length: a tuple of two would triple the index
_SCALAR: Final = 65_536  # bytes of a title, an id, a time


class Outline:
    """Small fields as they are, and the places of nodes and messages. Filled while the cursor walks the object."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.fields: dict[str, bytes] = {}
        self.nodes: dict[str, int] | None = None
        self.flat: dict[str, list[int]] = {}

    def note(self, name: str, cursor: Cursor) -> None:
        """Take up the field `name`, at whose value the cursor is, and step behind it."""
        mark = cursor.peek()
        if name == "mapping" and mark == "{":
            self.nodes = {node: _place(cursor) for node in _counted(cursor, cursor.names())}
        elif name in FLAT and mark == "[":
            self.flat[name] = [_place(cursor) for _ in _counted(cursor, cursor.items())]
        else:
            start = cursor.position
            cursor.pass_over()
            length = cursor.position - start
            if name in Element.__struct_fields__ and length <= _SCALAR:
                self.fields[name] = bytes(self.window.view(start, length)[:length])

    def view(self, place: int) -> memoryview:
        """The bytes at a place."""
        length = place & ((1 << _LENGTH_BITS) - 1)
        return self.window.view(place >> _LENGTH_BITS, length)[:length]

    def head(self) -> bytes:
        """The small fields, as a JSON object of their own."""
        return b"{" + b",".join(b'"%s":%s' % (name.encode(), value) for name, value in self.fields.items()) + b"}"


def read_outline(cursor: Cursor) -> Outline:
    """Walk the object that starts here, and step behind it."""
    outline = Outline(cursor.window)
    for name in cursor.names():
        outline.note(name, cursor)
    return outline


def _place(cursor: Cursor) -> int:
    """Where the value that starts here is; 0, which holds no value, for one that is too large. Steps behind it."""
    span = cursor.value(cursor.limits.message_bytes)
    if span is None:
        cursor.pass_over()
        return 0
    return span.start << _LENGTH_BITS | len(span.view)


def _counted(cursor: Cursor, steps: Iterator[T]) -> Iterator[T]:
    for count, step in enumerate(steps):
        if count >= cursor.limits.nodes:
            raise ExportError(f"A conversation holds more than {cursor.limits.nodes:,} messages; no real one does.")
        yield step
