"""What one reading of an export has met, and what of it the user should be told."""

from dataclasses import dataclass


@dataclass(slots=True)
class ReadCounts:
    """What one reading has met so far; the reader adds to it."""

    conversations: int = 0
    messages: int = 0
    notes: int = 0
    duplicates: int = 0  # conversations dropped because the export holds another copy of them
    foreign: int = 0  # elements that are no conversations
    bytes_read: int = 0  # of JSON, after decompression
    empty_parts: int = 0  # files of the export without a single character
    not_remembered: int = 0  # conversations that the user marked as not to be remembered
    others: int = 0  # messages of other people in the same conversations
    attachments: int = 0  # texts that the user attached: searched, but not read as the user's own words
    too_large: int = 0  # messages


def remarks(counts: ReadCounts) -> tuple[str, ...]:
    """Warnings for the user: one for each kind of thing that was left out."""
    told = (
        (counts.not_remembered, "Conversations marked as not to be remembered, and left out: {:,}."),
        (counts.others, "Messages of other people, which are not the user's words and were left out: {:,}."),
        (counts.attachments, "Attached texts, which can be searched, but were not read for facts: {:,}."),
        (counts.duplicates, "Further copies of conversations, of which only the newest was read: {:,}."),
        (counts.too_large, "Messages that are too large, and were left out: {:,}."),
        (counts.empty_parts, "Files of the export that are empty: {:,}."),
        (counts.foreign, "Things in the export that are no conversations: {:,}."),
    )
    return tuple(text.format(number) for number, text in told if number)
