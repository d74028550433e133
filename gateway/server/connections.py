"""How many connections are open, in all and from each address: more are refused before they cost anything."""

import resource
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from gateway.web.heads import network_of

OPEN_MAX: Final = 10_240  # of macOS
KEPT_FILES: Final = 128  # for the database, storage, providers and what a job opens
Client = tuple[str, int] | None


class Connections:
    """Counts them. Addresses are counted only while one has a connection open."""

    def __init__(self, most: int, most_of_address: int | None = None) -> None:
        """`most_of_address`: None behind proxies, whose connections are those of many clients."""
        self._most = most
        self._most_of_address = most_of_address
        self._by_address: Counter[str] = Counter()
        self.open = 0

    def enter(self, client: Client) -> bool:
        """Whether one more may be open; then it is counted until it leaves."""
        address = address_of(client)
        is_full = self._most_of_address is not None and self._by_address[address] >= self._most_of_address
        if is_full or self.open >= self._most:
            return False
        self.open += 1
        self._by_address[address] += 1
        return True

    def leave(self, client: Client) -> None:
        """It is closed."""
        address = address_of(client)
        self.open -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]


def address_of(client: Client) -> str:
    """The client's network; connections over a Unix socket have one in common."""
    return network_of(client[0] if client else "")


def most_connections() -> int:
    """As many as this process may open files, but for those that it needs itself. As many files as it is allowed."""
    may_open = raise_limit(*resource.getrlimit(resource.RLIMIT_NOFILE), resource.setrlimit)
    return max(KEPT_FILES, may_open - KEPT_FILES)


def raise_limit(allowed: int, hard: int, set_limit: Callable[[int, tuple[int, int]], object]) -> int:
    """Let this process open as many files as it may; returns how many. macOS says "no limit", and refuses that."""
    for wanted in (hard, min(hard, OPEN_MAX)):
        if allowed < wanted:
            with suppress(ValueError, OSError):
                set_limit(resource.RLIMIT_NOFILE, (wanted, hard))
                allowed = wanted
    return allowed
