"""The slow way, for values that strict JSON refuses: NaN, lone surrogates, raw control characters, broken UTF-8.

Ends are found by counting brackets; values are parsed by the standard library, which allows all of these.
"""

import json
import re
from typing import Any, Final

_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}",]', re.DOTALL)


class NotJsonError(ValueError):
    """The text is not JSON, not even loosely; `position` is the byte where that shows, where known."""

    def __init__(self, reason: str, position: int = 0) -> None:
        super().__init__(reason)
        self.position = position


def loose_end(view: memoryview) -> int | None:
    """The offset just behind the first value in `view`, or None when the view ends inside it."""
    depth = 0
    for token in _TOKEN.finditer(view):
        mark = view[token.start()]
        if mark == 0x22 and token.end() - token.start() == 1:  # a string without an end
            return None
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
            if depth <= 0:
                return token.end() if depth == 0 else token.start()
        elif mark == 0x2C and depth == 0:
            return token.start()
    return None


def loose_value(view: memoryview) -> Any:
    """The value itself. Bytes that are not UTF-8 become U+FFFD; raises `NotJsonError`."""
    text = bytes(view).decode("utf-8", "replace")
    try:
        return json.loads(text, strict=False, parse_int=_number)
    except json.JSONDecodeError as error:
        raise NotJsonError(error.msg, len(text[: error.pos].encode("utf-8", "replace"))) from None
    except RecursionError:
        raise NotJsonError("nested too deeply") from None


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)
