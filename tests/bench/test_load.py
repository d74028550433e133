"""No two loads share users: else the requests of one are the duplicates of the other's."""

import re

from bench.load import wrk_script


def test_no_two_loads_share_users() -> None:
    starts = [re.search(r"local n, start = 0, (\d+)", wrk_script(10**6)) for _ in range(200)]
    assert len({found[1] for found in starts if found}) == 200


def test_requests_repeat_after_as_many_users_as_are_asked_for() -> None:
    assert "n = n % 500 + 1" in wrk_script(500)
