"""A conversation as text: who said what, in the words that are stored, searched and read back."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from pipelines.contract import Conversation, Message, Role

TRANSCRIPT_CHARACTERS = 1_000_000

_LABELS: dict[Role, str] = {"user": "User", "assistant": "Assistant"}
_ASIDES = frozenset({"thoughts", "reasoning_recap"})  # the assistant talking to itself
_TURN = re.compile(r"(?:^|\n\n)\**(User|Human|You|Assistant|ChatGPT|AI)\**: ?\**", re.IGNORECASE)
_USER_LABELS = frozenset({"user", "human", "you"})


@dataclass(frozen=True, slots=True)
class Transcript:
    """`starts[i]` is where the i-th turn begins in `text`."""

    text: str
    starts: tuple[int, ...]

    def turns_in(self, start: int, end: int) -> int:
        """How many turns have words in the span."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        return bisect_left(self.starts, end) - first


def is_dialogue(message: Message) -> bool:
    """Whether the person or the assistant really said something here."""
    return message.role in _LABELS and message.kind not in _ASIDES and not message.text.isspace() and message.text != ""


def is_usable(message: Message) -> bool:
    """Whether it holds the user's own words, without which there is nothing to learn."""
    return message.role == "user" and is_dialogue(message)


def write_transcripts(conversation: Conversation) -> Iterator[Transcript]:
    """The dialogue as labelled turns, one blank line between them: one text, or several where one would be huge."""
    turns: list[str] = []
    size = 0
    for message in filter(is_dialogue, conversation.messages):
        turn = f"{_LABELS[message.role]}: {message.text.strip()}\n\n"
        if turns and size + len(turn) > TRANSCRIPT_CHARACTERS:
            yield _joined(turns)
            turns, size = [], 0
        turns.append(turn)
        size += len(turn)
    if turns:
        yield _joined(turns)


def _joined(turns: list[str]) -> Transcript:
    ends = list(accumulate(map(len, turns)))
    return Transcript("".join(turns), (0, *ends[:-1]))


def read_transcript(text: str, id_prefix: str, time: float | None) -> tuple[Message, ...]:
    """Turns of a stored chunk. Words before its first label belong to a turn that began elsewhere: whose, nobody
    can tell, so they count as the assistant's and never as evidence about the user."""
    marks = list(_TURN.finditer(text))
    pieces = [("assistant", text[: marks[0].start()] if marks else text)]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    pieces += [(mark[1].casefold(), text[mark.end() : end]) for mark, end in zip(marks, ends, strict=False)]
    return tuple(
        Message(f"{id_prefix}#{n}", "user" if label in _USER_LABELS else "assistant", piece.strip(), time)
        for n, (label, piece) in enumerate(pieces)
        if piece.strip()
    )
