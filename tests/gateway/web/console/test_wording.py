"""Words of the console: every reason has some, and what is shorter than can be told is not said to be nothing."""

from datetime import UTC, datetime, timedelta
from typing import get_args

from flags.model import Reason
from gateway.web.console.wording import REASONS, age_text, reason_text, span_text

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)


def test_every_reason_has_words() -> None:
    assert REASONS.keys() == set(get_args(Reason))
    assert reason_text("some_new_one") == "some new one"


def test_short_times_are_said() -> None:
    assert [span_text(seconds) for seconds in (0.0, 0.04, 38, 35_280)] == ["under 0.01 s", "0.04 s", "38 s", "9.8 h"]
    assert age_text(NOON, NOON + timedelta(seconds=0.4)) == "just now"
    assert age_text(NOON, NOON + timedelta(seconds=12)) == "12 s ago"
