"""How fast calls may go out: the port that a rate limit shared by many workers implements, and its absence."""

from typing import Protocol


class RateLimit(Protocol):
    """A bucket of tokens, one a call."""

    async def acquire(self, tokens: int = 1) -> None:
        """Return when `tokens` calls may go out, and not before."""
        ...


class Unpaced:
    """No limit."""

    async def acquire(self, tokens: int = 1) -> None:
        """Return at once."""
