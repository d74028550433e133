"""Work that takes too long is broken off where it is, also inside one match of a pattern."""

import re
import threading

import pytest

from pipelines.work.time_limit import OverTime, ProcessorTimeLimit

ENDLESS = re.compile(r"(a+)+b")


def hang() -> None:
    ENDLESS.match("a" * 60)


def test_a_match_that_never_ends_is_broken_off_and_the_next_work_is_done() -> None:
    with ProcessorTimeLimit.here() as limit:
        for _ in range(2):
            with pytest.raises(OverTime):
                limit.run(hang, 0.05)
            assert limit.run(lambda: 7, 5.0) == 7


def test_what_work_raises_is_raised() -> None:
    with ProcessorTimeLimit.here() as limit, pytest.raises(ZeroDivisionError):
        limit.run(lambda: 1 // 0, 5.0)


def test_on_another_thread_work_takes_as_long_as_it_takes() -> None:
    said: list[int] = []

    def work() -> None:
        with ProcessorTimeLimit.here() as limit:
            said.append(limit.run(lambda: 7, 0.001))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == [7]
