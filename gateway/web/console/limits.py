"""How much there may be: log-ins a minute, and pages that are connected to this process."""

from dataclasses import dataclass, field
from typing import Final

from gateway.web.middleware.rate_limit import RateLimit

EACH_MINUTE: Final = 10  # log-ins from one address
ALL_MINUTE: Final = 60  # log-ins from all together
MOST_STREAMS: Final = 200  # a page without one asks every ten seconds all the same


@dataclass(frozen=True, slots=True)
class LoginLimits:
    """Of one process."""

    each: RateLimit = field(default_factory=lambda: RateLimit(EACH_MINUTE))
    all: RateLimit = field(default_factory=lambda: RateLimit(ALL_MINUTE))

    def take(self, address: str, now: float) -> int:
        """0 if there may be one more log-in, else after how many seconds."""
        return self.each.take(address, now) or self.all.take("", now)


@dataclass(slots=True)
class OpenStreams:
    """How many pages are connected."""

    count: int = 0

    def take(self) -> bool:
        """Whether there may be one more; then there is."""
        if self.count >= MOST_STREAMS:
            return False
        self.count += 1
        return True

    def give_back(self) -> None:
        """One has ended."""
        self.count -= 1
