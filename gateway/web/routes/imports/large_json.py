"""What the process that reads large bodies does beside: refuse what would unfold in memory, give back what it took."""

import ctypes
import gc
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from pipelines.contract import Compute

T = TypeVar("T")

MOST_VALUES: Final = 3_000_000  # each takes 100 bytes or so; exports have one in 20 bytes or fewer
PART_BYTES: Final = 1024 * 1024
_TEXT: Final = re.compile(rb'"[^"]*"')


class TooManyValuesError(ValueError):
    """Reading it would take much more memory than it has bytes."""


def check_unfolded(data: bytes) -> None:
    """Raises `TooManyValuesError`. Marks within texts do not count, but are only told apart where it matters."""
    if count_marks(data) <= MOST_VALUES:
        return
    marks, within = 0, False
    unescaped = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    for start in range(0, len(unescaped), PART_BYTES):
        part = unescaped[start : start + PART_BYTES]
        if within:
            _, end, part = part.partition(b'"')
            within = not end
        outside, begin, _ = _TEXT.sub(b"", part).partition(b'"')
        within = within or bool(begin)
        marks += count_marks(outside)
        if marks > MOST_VALUES:
            raise TooManyValuesError(f"it has more than {MOST_VALUES:,} values")


def count_marks(data: bytes) -> int:
    """No JSON has more values than this, and one."""
    return data.count(b",") + data.count(b"[") + data.count(b"{") + data.count(b":")


async def compute_large(compute: Compute, function: Callable[..., T], *args: Any) -> T:
    """What `function` returns, run in another process, which gives back what it took and what it was given.

    It should tell of failures that are expected in what it returns: a raised error would keep what was sent.
    """
    found = await compute(function, *args)
    await compute(give_back)
    return found


def give_back() -> None:
    """All that is free."""
    gc.collect()
    if (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)
