"""Which copy of a conversation is the newest, where an export holds one several times: found before it is read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from pipelines.contract import ExportError
from pipelines.export.archive.archive import Part
from pipelines.export.conversation.conversation import ident_of, updated_at
from pipelines.export.json_text import tolerant
from pipelines.export.json_text.cursor import Cursor, Span
from pipelines.export.json_text.window import Window
from pipelines.export.limits import Limits
from pipelines.export.parts.document import EmptyTextError, Piece, pieces
from pipelines.export.parts.wire import Head, shaped

Parts = Callable[[], Iterator[Part]]


@dataclass(slots=True)
class _Newest:
    """The newest copy so far: how new it is, which one it is, and how many there are."""

    time: float
    copy: int = 1
    copies: int = 1


class Copies:
    """Which copy comes next, while an export goes by. `newest` is what `newest_copies` found."""

    def __init__(self, newest: Mapping[int, int]) -> None:
        self._newest = newest
        self._met: dict[int, int] = {}  # by hash, a tenth of the memory of the ids

    def is_newest(self, head: Head) -> bool:
        """Whether this copy is the one to read. What has no id has no copies."""
        ident = ident_of(head)
        if not ident:
            return True
        mark = hash(ident)
        self._met[mark] = self._met.get(mark, 0) + 1
        return self._met[mark] == self._newest.get(mark, 1)


def newest_copies(parts: Parts, limits: Limits) -> Mapping[int, int]:
    """By the hash of a conversation's id: the number of its newest copy, from 1; of equally new ones the first.

    Only what is there more than once is named, and only then the export is gone through a second time: ids and times
    of everything would take more memory than anything else here. What cannot be read is left to the reading itself.
    """
    twice: set[int] = set()
    once: set[int] = set()
    for mark, _ in _heads(parts, limits):
        (twice if mark in once else once).add(mark)
    del once
    newest: dict[int, _Newest] = {}
    if not twice:
        return {}
    for mark, head in _heads(parts, limits):
        if mark in twice:
            _meet(newest, mark, updated_at(head) or 0.0)
    return {mark: known.copy for mark, known in newest.items()}


def _meet(newest: dict[int, _Newest], mark: int, time: float) -> None:
    known = newest.get(mark)
    if known is None:
        newest[mark] = _Newest(time)
        return
    known.copies += 1
    if time > known.time:
        known.time, known.copy = time, known.copies


def _heads(parts: Parts, limits: Limits) -> Iterator[tuple[int, Head]]:
    decoder = msgspec.json.Decoder(Head)
    try:
        for part in parts():
            cursor = Cursor(Window(part.file, limits.window_bytes), limits)
            try:
                for piece in pieces(cursor):
                    head = _head(piece, decoder)
                    if ident := ident_of(head):
                        yield hash(ident), head
            except EmptyTextError:
                continue
    except ExportError:
        return


def _head(piece: Piece, decoder: msgspec.json.Decoder[Head]) -> Head:
    view = piece.view if isinstance(piece, Span) else memoryview(piece.head())
    try:
        return decoder.decode(view)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return shaped(Head, tolerant.loose_value(view)) or Head()
    except tolerant.NotJsonError:
        return Head()
