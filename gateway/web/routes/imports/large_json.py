"""Reading large JSON bodies in a process of their own: in bounded memory and time, problems told as FastAPI does."""

import asyncio
import ctypes
import gc
import json
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from gateway.errors import Unavailable
from pipelines.contract import Compute, PipelineError

T = TypeVar("T")
Body = TypeVar("Body", bound=BaseModel)
Problems = list[dict[str, Any]]

MOST_VALUES: Final = 3_000_000  # each takes 100 bytes or so; exports have one in 20 bytes or fewer
PART_BYTES: Final = 1024 * 1024
READ_SECONDS: Final = 60.0  # for one body, those that are read before it included; the largest takes some seconds
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


def read_or_problems(data: bytes, read: Callable[[bytes], T]) -> T | Problems:
    """What `read` makes of a body, or what is wrong with it as FastAPI would say it, without the input."""
    try:
        check_unfolded(data)
        return read(data)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        return [{**problem, "loc": ("body", *problem["loc"])} for problem in problems]
    except TooManyValuesError as error:
        return [{"type": "too_long", "loc": ("body",), "msg": str(error)}]
    except (ValueError, RecursionError) as error:
        return [{"type": "json_invalid", "loc": ("body",), "msg": f"JSON decode error: {type(error).__name__}"}]


def read_as(model: type[Body], data: bytes) -> Body:
    """The body, also where only Python's own reader takes its JSON: lone surrogates, long integers."""
    try:
        return model.model_validate_json(data)
    except ValidationError:
        return model.model_validate(json.loads(data))


async def compute_large(compute: Compute, function: Callable[..., T], *args: Any, seconds: float = READ_SECONDS) -> T:
    """What `function` returns, run in another process, which gives back what it took and what it was given.

    It should tell of failures that are expected in what it returns: a raised error would keep what was sent. Raises
    `Unavailable` where the process died or did not answer; it is ended then.
    """
    try:
        async with asyncio.timeout(seconds):
            found = await compute(function, *args)
            await compute(give_back)
    except PipelineError as error:
        raise Unavailable(f"the body could not be read: {error}") from error
    except TimeoutError:
        raise Unavailable(f"the body could not be read within {seconds:g} s") from None
    return found


def give_back() -> None:
    """All that is free."""
    gc.collect()
    if (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)
