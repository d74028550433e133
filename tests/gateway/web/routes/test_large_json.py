"""A large body whose process hangs or dies is answered, and holds up nobody else."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from gateway.errors import Unavailable
from gateway.web.routes.imports.large_json import compute_large
from pipelines.contract import PipelineError

T = TypeVar("T")


async def hangs(function: Callable[..., T], *args: Any) -> T:
    await asyncio.sleep(600)
    return function(*args)


async def dies(function: Callable[..., T], *args: Any) -> T:
    raise PipelineError(f"a worker process died over {function.__name__} of {len(args)}", retryable=True)


async def works(function: Callable[..., T], *args: Any) -> T:
    return function(*args)


async def test_what_hangs_is_left_behind() -> None:
    with pytest.raises(Unavailable, match="could not be read within"):
        await compute_large(hangs, len, b"abc", seconds=0.01)


async def test_what_dies_is_told() -> None:
    with pytest.raises(Unavailable, match="a worker process died"):
        await compute_large(dies, len, b"abc")


async def test_what_works_is_returned() -> None:
    assert await compute_large(works, len, b"abc") == 3
