"""Conversations as passages: what is given to a language engine to read, a bounded run of turns at a time."""

from collections.abc import Iterator, Sequence

import msgspec

from pipelines.contract import ATTACHMENT, Conversation, Message, Passage
from pipelines.history.chunking.cut import cut
from pipelines.history.transcript import is_dialogue

PASSAGE_CHARACTERS = 12_000  # about 3,000 tokens
CONTEXT_CHARACTERS = 400  # of an assistant's turn, or of an attachment: enough to know what the user speaks of


class NotesSeen:
    """Which ready-made notes were already passed on: an export repeats its custom instructions in each conversation."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def fresh(self, notes: Sequence[Message]) -> tuple[Message, ...]:
        """The notes not met before, in order."""
        kept = []
        for note in notes:
            key = hash((note.role, note.kind, note.text))
            if key not in self._seen and note.text.strip():
                self._seen.add(key)
                kept.append(note)
        return tuple(kept)


def passages(conversation: Conversation, seen: NotesSeen) -> Iterator[Passage]:
    """The user's turns whole, the assistant's turns and attachments shortened, in runs of at most PASSAGE_CHARACTERS.

    A turn longer than a passage is cut at sentence ends; its pieces keep the message's id.
    """
    notes = seen.fresh(conversation.notes)
    run: list[Message] = []
    size = sum(len(note.text) for note in notes)
    for message in _pieces(conversation):
        if run and size + len(message.text) > PASSAGE_CHARACTERS:
            yield _passage(conversation, run, notes)
            run, size, notes = [], 0, ()
        run.append(message)
        size += len(message.text)
    if run or notes:
        yield _passage(conversation, run, notes)


def user_characters(passage: Passage) -> int:
    """How much of the passage is about the user in the user's own words, notes included."""
    own = (m for m in passage.messages if m.role == "user" and m.kind != ATTACHMENT)
    return sum(len(m.text) for m in (*own, *passage.notes))


def characters(passage: Passage) -> int:
    """The size of the passage as a language engine sees it."""
    return sum(len(message.text) for message in (*passage.messages, *passage.notes))


def has_user_words(passage: Passage) -> bool:
    """Whether a language engine can learn anything from it."""
    return bool(passage.notes) or any(message.role == "user" for message in passage.messages)


def _passage(conversation: Conversation, run: list[Message], notes: tuple[Message, ...]) -> Passage:
    return Passage(conversation.id, conversation.title, conversation.time, tuple(run), notes)


def _pieces(conversation: Conversation) -> Iterator[Message]:
    for message in filter(is_dialogue, conversation.messages):
        if message.time is None:  # so that of two facts the newer can win
            message = msgspec.structs.replace(message, time=conversation.time)  # noqa: PLW2901
        if message.role != "user" or message.kind == ATTACHMENT:
            yield _shortened(message)
        elif len(message.text) <= PASSAGE_CHARACTERS:
            yield message
        else:
            for start, end in cut(message.text, PASSAGE_CHARACTERS):
                yield msgspec.structs.replace(message, text=message.text[start:end])


def _shortened(message: Message) -> Message:
    if len(message.text) <= CONTEXT_CHARACTERS:
        return message
    _, end = next(cut(message.text, CONTEXT_CHARACTERS))
    return msgspec.structs.replace(message, text=message.text[:end].rstrip() + " …")
