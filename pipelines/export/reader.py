"""Reads an export of any size and form, one conversation at a time."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.contract import Conversation, ExportError
from pipelines.export.archive.archive import Part, parts
from pipelines.export.conversation.conversation import conversation_of, is_conversation
from pipelines.export.json_text.cursor import Cursor
from pipelines.export.json_text.window import Window
from pipelines.export.limits import Limits
from pipelines.export.parts.decode import Decoder
from pipelines.export.parts.document import pieces

DEFAULTS: Final = Limits()


@dataclass(slots=True)
class ReadCounts:
    """What one reading has met so far; the reader adds to it."""

    conversations: int = 0
    messages: int = 0
    notes: int = 0
    duplicates: int = 0  # conversations dropped because their id had come before
    foreign: int = 0  # elements that are no conversations
    bytes_read: int = 0  # of JSON, after decompression


def read_export(
    path: Path, limits: Limits = DEFAULTS, *, workdir: Path | None = None, counts: ReadCounts | None = None
) -> Iterator[Conversation]:
    """Every conversation of the export at `path`, in file order, in constant memory.

    Compressed exports are unpacked into nameless files in `workdir`, one part at a time (default: the export's own
    folder, or the system's temporary one where that cannot be written).

    Raises `ExportError` when the export cannot be used: at once, or after some conversations if only then it shows (cut
    off, or over a limit). What was read until then must not be taken for the whole.
    """
    counts = counts if counts is not None else ReadCounts()
    seen: set[int] = set()  # hashes: a tenth of the memory of the ids
    if workdir is None and os.access(path.parent, os.W_OK):
        workdir = path.parent
    for part in parts(path, limits, workdir):
        for conversation in _conversations(part, limits, counts):
            mark = hash(conversation.id)
            if mark in seen:
                counts.duplicates += 1
                continue
            seen.add(mark)
            counts.conversations += 1
            counts.messages += len(conversation.messages)
            counts.notes += len(conversation.notes)
            yield conversation
    _check_found(counts)


def _conversations(part: Part, limits: Limits, counts: ReadCounts) -> Iterator[Conversation]:
    window = Window(part.file, limits.window_bytes)
    cursor = Cursor(window, limits)
    decoder = Decoder(limits)
    before = counts.bytes_read
    for piece in pieces(cursor):
        decoded = decoder.decode(piece)
        counts.bytes_read = before + cursor.position
        if counts.conversations + counts.duplicates + counts.foreign >= limits.elements:
            raise ExportError(f"The export holds more than {limits.elements:,} conversations.")
        if is_conversation(decoded.element):
            yield conversation_of(decoded, counts.conversations + counts.duplicates)
        else:
            counts.foreign += 1


def _check_found(counts: ReadCounts) -> None:
    if counts.conversations == 0:
        found = f"{counts.foreign:,} other objects" if counts.foreign else "nothing"
        raise ExportError(
            f"No conversations were found in the export: it holds {found}. Expected ChatGPT's conversations.json: "
            "an array of conversations with their messages."
        )
    if counts.messages == 0 and counts.notes == 0:
        raise ExportError(f"The export holds {counts.conversations:,} conversations, but no words in any of them.")
