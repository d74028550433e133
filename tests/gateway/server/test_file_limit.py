"""How many files a process may open follows the system's limit, also where that refuses its own word."""

import resource
from dataclasses import dataclass

import pytest

from gateway.server.connections import OPEN_MAX, raise_limit

NO_LIMIT = 2**63 - 1


@dataclass
class System:
    """Sets limits up to `most`."""

    most: int
    soft: int | None = None

    def set_limit(self, which: int, limits: tuple[int, int]) -> None:
        assert which == resource.RLIMIT_NOFILE
        if limits[0] > self.most:
            raise ValueError("current limit exceeds maximum limit")
        self.soft = limits[0]


@pytest.mark.parametrize(
    ("allowed", "hard", "most", "gets", "sets"),
    [
        (1024, 524_288, NO_LIMIT, 524_288, 524_288),  # Linux
        (1024, 4096, NO_LIMIT, 4096, 4096),
        (20_000, 20_000, NO_LIMIT, 20_000, None),
        (256, NO_LIMIT, 24_576, OPEN_MAX, OPEN_MAX),  # macOS
        (1024, 524_288, 0, 1024, None),  # nothing may be set
    ],
)
def test_a_process_may_open_all_that_the_system_grants(
    allowed: int, hard: int, most: int, gets: int, sets: int | None
) -> None:
    system = System(most)
    assert raise_limit(allowed, hard, system.set_limit) == gets
    assert system.soft == sets
