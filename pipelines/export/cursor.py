"""Walks the outermost level of a JSON text, value by value, without holding more than one value."""

import re
from dataclasses import dataclass
from typing import Final

import msgspec

from pipelines.contract import ExportError
from pipelines.export import locate, tolerant
from pipelines.export.limits import Limits
from pipelines.export.locate import Miss
from pipelines.export.window import Window

_SPACE: Final = re.compile(rb"[ \t\r\n]*+")


@dataclass(frozen=True, slots=True)
class Span:
    """One JSON value: its bytes, where it starts in the text, and whether strict parsing has accepted it."""

    view: memoryview
    start: int
    strict: bool


class Cursor:
    """A position in the text, and the steps that can be taken from it."""

    def __init__(self, window: Window, limits: Limits) -> None:
        self.window = window
        self.limits = limits
        self.position = 0
        self._raw = msgspec.json.Decoder(msgspec.Raw)
        self._fast = locate.speaks()

    def peek(self) -> str:
        """The next character that is not white space, or "" at the end."""
        while True:
            view = self.window.view(self.position)
            gap = _SPACE.match(view)
            skipped = gap.end() if gap else 0
            self.position += skipped
            if skipped < len(view):
                return chr(view[skipped])
            if not view:
                return ""

    def skip(self) -> None:
        """Step over the one character that `peek` showed."""
        self.position += 1

    def value(self) -> Span:
        """The value that starts here; the cursor moves behind it."""
        start, length = self.position, 1
        while True:
            view = self.window.view(start, length)
            end = locate.value_end(self._raw, view) if self._fast else Miss.REFUSED
            if isinstance(end, int) and (end < len(view) or self.window.reaches_end(start, view)):
                self.position = start + end
                return Span(view[:end], start, strict=True)
            if end is Miss.DEEP:
                raise ExportError(f"The export is nested too deeply (byte {start:,}); no real export is.")
            if end is Miss.REFUSED or self.window.reaches_end(start, view):
                return self._loose_value(start)
            self._check_size(start, len(view))
            length = 2 * len(view)

    def _loose_value(self, start: int) -> Span:
        view = self.window.view(start, self.limits.tolerant_bytes)
        end = tolerant.loose_end(view)
        if end:
            self.position = start + end
            return Span(view[:end], start, strict=False)
        if self.window.reaches_end(start, view) or locate.value_end(self._raw, view) is Miss.CUT:
            raise ExportError(
                f"The export is cut off: the file ends at byte {self.window.size:,}, inside the part that starts at "
                f"byte {start:,}. Please export or upload it again."
            )
        raise ExportError(f"The export is not valid JSON near byte {start:,}.")

    def _check_size(self, start: int, length: int) -> None:
        if length > self.limits.conversation_bytes:
            limit = self.limits.conversation_bytes // 1024**2
            raise ExportError(f"One conversation, at byte {start:,}, is larger than {limit} MiB.")
