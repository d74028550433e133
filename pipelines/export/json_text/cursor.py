"""Walks the outer levels of a JSON text, value by value, without holding more than one value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from pipelines.contract import ExportError
from pipelines.export.json_text import locate, tolerant
from pipelines.export.json_text.locate import Miss
from pipelines.export.json_text.window import Window
from pipelines.export.limits import Limits

_SPACE: Final = re.compile(rb"[ \t\r\n]*+")
_PLAIN_NAME: Final = re.compile(rb'"([^"\\\x00-\x1f]{0,200}+)"[ \t\r\n]*+:')
_IN_TEXT: Final = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_DEEPEST: Final = 64  # levels of containers too big to be seen at once


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

    def value(self, at_most: int) -> Span | None:
        """The value that starts here, and a step behind it; None, and no step, if it is larger than `at_most` bytes."""
        start, length = self.position, 1
        while True:
            view = self.window.view(start, length)
            last = self.window.reaches_end(start, view)
            end = locate.value_end(self._raw, view) if self._fast else Miss.REFUSED
            if isinstance(end, int) and (end < len(view) or last):
                return self._step(view[:end], strict=True) if end <= at_most else None
            if end is Miss.DEEP:
                raise ExportError(f"The export is nested too deeply at byte {start:,}; no real export is.")
            if end is Miss.REFUSED or (last and len(view) <= at_most):
                return self._loose_value(min(at_most, self.limits.tolerant_bytes))
            if len(view) >= at_most:
                return None
            length = 2 * len(view)

    def items(self) -> Iterator[None]:
        """The elements of the array that starts here: each step leaves the cursor at an element, to be passed."""
        self.skip()
        while (mark := self.peek()) != "]":
            if not mark:
                raise self.cut()
            yield
            self._separator("]")
        self.skip()

    def names(self) -> Iterator[str]:
        """The names in the object that starts here: each step leaves the cursor at the value, to be passed."""
        self.skip()
        while (mark := self.peek()) != "}":
            if not mark:
                raise self.cut()
            yield self._name()
            self._separator("}")
        self.skip()

    def pass_over(self, depth: int = 0) -> None:
        """Step behind the value that starts here, however large it is."""
        if self.value(self.limits.window_bytes) is not None:
            return
        mark = self.peek()
        if depth > _DEEPEST:
            raise ExportError(f"The export is nested too deeply at byte {self.position:,}; no real export is.")
        if mark in "[{":
            for _ in self.items() if mark == "[" else self.names():
                self.pass_over(depth + 1)
        elif mark == '"':
            self._pass_text()
        else:
            raise self.invalid("a value was expected")

    def cut(self) -> ExportError:
        """The error for a text that ends too soon."""
        return ExportError(
            f"The export is cut off: it ends at byte {self.window.size:,}, inside the part that starts at byte "
            f"{self.position:,}. Please export or upload it again."
        )

    def invalid(self, why: str) -> ExportError:
        """The error for what is no JSON."""
        return ExportError(f"The export is not valid JSON at byte {self.position:,}: {why}.")

    def _step(self, view: memoryview, *, strict: bool) -> Span:
        span = Span(view, self.position, strict)
        self.position += len(view)
        return span

    def _loose_value(self, at_most: int) -> Span | None:
        length = 1
        while True:
            view = self.window.view(self.position, length)
            end = tolerant.loose_end(view)
            if end == 0:
                raise self.invalid("a value was expected")
            if end is not None:
                return self._step(view[:end], strict=False)
            if self.window.reaches_end(self.position, view):
                raise self.cut()
            if len(view) >= at_most:
                return None
            length = 2 * len(view)

    def _pass_text(self) -> None:
        self.skip()
        while True:
            view = self.window.view(self.position, 2)
            inner = _IN_TEXT.match(view)
            self.position += inner.end() if inner else 0
            after = bytes(self.window.view(self.position, 2)[:2])
            if after[:1] == b'"':
                return self.skip()
            if len(after) < 2:
                raise self.cut()

    def _name(self) -> str:
        plain = _PLAIN_NAME.match(self.window.view(self.position, 512))
        if plain:
            self.position += plain.end()
            name = plain[1]
        else:
            name = self._odd_name()
        if not self.peek():
            raise self.cut()
        return name.decode("utf-8", "replace")

    def _odd_name(self) -> bytes:
        if self.peek() != '"':
            raise self.invalid("a name was expected")
        span = self.value(self.limits.window_bytes)
        if span is None or self.peek() not in (":", ""):
            raise self.invalid("a name and a colon were expected")
        self.skip()
        return bytes(span.view).strip().strip(b'"')

    def _separator(self, end: str) -> None:
        mark = self.peek()
        if mark == ",":
            self.skip()
        elif mark and mark != end:
            raise self.invalid("a comma was expected")
