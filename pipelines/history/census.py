"""How much there is of a user's history, and from when."""

from datetime import UTC, datetime

import msgspec

from pipelines.contract import Conversation, ExportError
from pipelines.history.transcript import is_dialogue, is_usable

_EARLIEST, _LATEST = 0.0, 4e9  # 1970 to 2096: outside of it a time is a mistake of the export


class Census(msgspec.Struct):
    """Counts that grow as conversations go by; times in seconds since the epoch, None while none is known."""

    conversations: int = 0
    messages: int = 0
    user_messages: int = 0
    first: float | None = None
    last: float | None = None

    def add(self, conversation: Conversation) -> None:
        """Count one conversation."""
        self.conversations += 1
        self.messages += sum(map(is_dialogue, conversation.messages))
        self.user_messages += sum(map(is_usable, conversation.messages))
        time = conversation.time
        if time is not None and _EARLIEST < time < _LATEST:
            self.first = time if self.first is None else min(self.first, time)
            self.last = time if self.last is None else max(self.last, time)

    def require_user_messages(self) -> None:
        """Raise `ExportError` where there is nothing to learn from."""
        if self.user_messages == 0:
            raise ExportError(
                f"The export has {_counted(self.conversations, 'conversation')} but no usable message:"
                " nothing in it was written by the user."
            )

    def __str__(self) -> str:
        text = f"{_counted(self.conversations, 'conversation')} and {_counted(self.messages, 'message')}"
        return f"{text}, {_period(self.first, self.last)}" if self.first is not None and self.last is not None else text


def _period(first: float, last: float) -> str:
    start, end = _month(first), _month(last)
    return start if start == end else f"{start} to {end}"


def _month(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%B %Y}"


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
