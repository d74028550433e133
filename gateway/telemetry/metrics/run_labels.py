"""Which run the code at hand belongs to, for what is counted far from it: provider calls, and what they cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, NamedTuple

Mode = Literal["primary", "pinned", "shadow", "noise"]


class Run(NamedTuple):
    """The two labels of a run."""

    pipeline: str
    mode: str


NO_RUN = Run("none", "primary")
RUN: ContextVar[Run] = ContextVar("run", default=NO_RUN)


@contextmanager
def counted_as(pipeline: str, mode: Mode) -> Iterator[None]:
    """What is counted inside, and in tasks begun inside, belongs to this run."""
    token = RUN.set(Run(pipeline, mode))
    try:
        yield
    finally:
        RUN.reset(token)
