"""A conversation as text: who said what, in the words that are stored, searched and read back."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from pipelines.contract import Conversation, Message, Role

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


def write_transcript(conversation: Conversation) -> Transcript:
    """The dialogue as labelled turns, one blank line between them."""
    turns = [f"{_LABELS[m.role]}: {m.text.strip()}\n\n" for m in conversation.messages if is_dialogue(m)]
    starts, at = [], 0
    for turn in turns:
        starts.append(at)
        at += len(turn)
    return Transcript("".join(turns), tuple(starts))


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
