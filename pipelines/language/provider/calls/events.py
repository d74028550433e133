"""What a provider engine tells its owner beside its answers, to be counted and logged."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, NamedTuple

Notice = Literal[
    "call",  # a request that was answered
    "retry",  # a request that failed and will be made again
    "failure",  # a request that failed for good
    "input_tokens",
    "output_tokens",
    "cost_usd",  # of every answered request, also of those whose job fails later
    "unpriced",  # an answered request whose model has no known price: its cost counts as nothing
    "unsupported_fact",  # a returned fact dropped because the user's own words do not say it
    "unsupported_line",  # a returned line or item that says what no fact and no word of the user's does
    "skipped",  # a passage that was refused however small the part was that was asked
    "truncated",  # a reduction that stopped asking and cut by rank
]

Notify = Callable[[Notice, float], None]


class Call(NamedTuple):
    """One request to a provider, before it is made."""

    operation: Literal["chat", "embeddings"]
    vendor: str
    model: str


Watch = Callable[[Call], AbstractContextManager[None]]


def watch_nothing(_call: Call) -> AbstractContextManager[None]:
    """Nobody looks."""
    return nullcontext()


def ignore(notice: Notice, amount: float) -> None:
    """Count nothing."""
