"""Reads an export of any size and form, one conversation at a time."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipelines.contract import Conversation, ExportError
from pipelines.export.archive.archive import Part, parts
from pipelines.export.conversation.conversation import Read, conversation_of, is_conversation
from pipelines.export.copies import Copies, newest_copies
from pipelines.export.json_text.cursor import Cursor
from pipelines.export.json_text.window import Window
from pipelines.export.left_out import ReadCounts
from pipelines.export.limits import Limits
from pipelines.export.parts.decode import Decoded, Decoder
from pipelines.export.parts.document import EXPECTED, EmptyTextError, pieces

DEFAULTS: Final = Limits()


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
    if workdir is None and os.access(path.parent, os.W_OK):
        workdir = path.parent
    copies = Copies(newest_copies(lambda: parts(path, limits, workdir), limits))
    for part in parts(path, limits, workdir):
        for conversation in _conversations(part, limits, copies, counts):
            counts.conversations += 1
            counts.messages += len(conversation.messages)
            counts.notes += len(conversation.notes)
            yield conversation
    _check_found(counts)


def _conversations(part: Part, limits: Limits, copies: Copies, counts: ReadCounts) -> Iterator[Conversation]:
    cursor = Cursor(Window(part.file, limits.window_bytes), limits)
    decoder = Decoder(limits)
    before = counts.bytes_read
    try:
        for piece in pieces(cursor):
            decoded = decoder.decode(piece)
            counts.bytes_read = before + cursor.position
            met = counts.conversations + counts.duplicates + counts.not_remembered
            if met + counts.foreign >= limits.elements:
                raise ExportError(f"The export holds more than {limits.elements:,} conversations.")
            if not is_conversation(decoded.element):
                counts.foreign += 1
            elif not copies.is_newest(decoded.element):
                counts.duplicates += 1
            elif decoded.element.is_do_not_remember is True:
                counts.not_remembered += 1
            else:
                yield _counted(conversation_of(decoded, met), decoded, counts)
    except EmptyTextError:
        counts.empty_parts += 1


def _counted(read: Read, decoded: Decoded, counts: ReadCounts) -> Conversation:
    counts.others += read.others
    counts.attachments += read.attachments
    counts.too_large += decoded.too_large
    return read.conversation


def _check_found(counts: ReadCounts) -> None:
    if counts.conversations == 0:
        raise ExportError(_nothing_found(counts))
    if counts.messages == 0 and counts.notes == 0:
        raise ExportError(f"The export holds {counts.conversations:,} conversations, but no words in any of them.")


def _nothing_found(counts: ReadCounts) -> str:
    if counts.not_remembered:
        return f"All {counts.not_remembered:,} conversations of the export are marked as not to be remembered."
    if counts.empty_parts and not counts.foreign:
        return f"The export is empty; {EXPECTED}."
    found = f"{counts.foreign:,} other objects" if counts.foreign else "nothing"
    return (
        f"No conversations were found in the export: it holds {found}. Expected ChatGPT's conversations.json: "
        "an array of conversations with their messages."
    )
