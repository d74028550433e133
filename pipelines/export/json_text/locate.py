"""Where a JSON value ends: msgspec says so, in the text of its refusal, at the speed of memory.

`Decoder(Raw)` checks one value and then complains about "trailing characters (byte N)": counted from 1, byte N is the
first one behind the value that is not white space.
The text is not a promise of msgspec's, so `speaks()` tries it once; a version that words it differently
costs speed, never correctness (see `tolerant`).
"""

from enum import Enum
from functools import cache
from typing import Final

import msgspec

_TRAILING: Final = "JSON is malformed: trailing characters (byte "
_TRUNCATED: Final = "Input data was truncated"
_EDGE: Final = 64  # an error this near to the end of the view may only be the cut


class Miss(Enum):
    """Why no end was found."""

    CUT = "the view ends inside the value"
    REFUSED = "not strict JSON"
    DEEP = "nested too deeply"


def value_end(decoder: msgspec.json.Decoder[msgspec.Raw], view: memoryview) -> int | Miss:
    """The offset of what follows the first JSON value in `view` and the white space behind it."""
    try:
        decoder.decode(view)
    except RecursionError:
        return Miss.DEEP
    except msgspec.DecodeError as error:
        return _judge(str(error), len(view))
    return len(view)


def _judge(text: str, length: int) -> int | Miss:
    if text.startswith(_TRAILING):
        return int(text[len(_TRAILING) : -1]) - 1
    if text == _TRUNCATED:
        return Miss.CUT
    _, _, position = text.rpartition("(byte ")
    near_the_cut = position[:-1].isdecimal() and int(position[:-1]) > length - _EDGE
    return Miss.CUT if near_the_cut else Miss.REFUSED


@cache
def speaks() -> bool:
    """Whether this msgspec words its errors as `value_end` needs them."""
    decoder = msgspec.json.Decoder(msgspec.Raw)
    value = b'{"a": [1, "\\u00e9", {"b": null}]}'
    return (
        value_end(decoder, memoryview(value + b" , {")) == len(value) + 1
        and value_end(decoder, memoryview(value + b"]")) == len(value)
        and value_end(decoder, memoryview(value[:-1])) is Miss.CUT
        and value_end(decoder, memoryview(b'{"a": NaN}' + b" " * 2 * _EDGE)) is Miss.REFUSED
    )
