"""Moments in the past, as people say them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.moments import end_of, parse_since

NOW = datetime(2026, 5, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("7d", datetime(2026, 4, 25, 9, 30, tzinfo=UTC)),
        ("90m", datetime(2026, 5, 2, 8, tzinfo=UTC)),
        ("today", datetime(2026, 5, 2, tzinfo=UTC)),
        ("Yesterday", datetime(2026, 5, 1, tzinfo=UTC)),
        ("9:05", datetime(2026, 5, 2, 9, 5, tzinfo=UTC)),
        ("20:40", datetime(2026, 5, 1, 20, 40, tzinfo=UTC)),
        ("2026-04-01", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-05-02T11:00+02:00", datetime(2026, 5, 2, 9, tzinfo=UTC)),
    ],
)
def test_a_moment_is_an_age_a_day_a_time_or_a_date(text: str, moment: datetime) -> None:
    assert parse_since(text, NOW) == moment


@given(st.text(max_size=8))
def test_whatever_else_is_said_is_refused(text: str) -> None:
    try:
        assert parse_since(text, NOW).tzinfo is not None
    except (ValueError, OverflowError):
        return


@pytest.mark.parametrize("text", ["", "whenever", "25:00", "9:5", "-3d", "tomorrow"])
def test_nonsense_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_since(text, NOW)


@pytest.mark.parametrize(
    ("text", "end"), [("Yesterday", "today"), ("today", None), ("24h", None), ("2026-01-01", None)]
)
def test_yesterday_is_that_day_alone(text: str, end: str | None) -> None:
    assert end_of(text, NOW) == (None if end is None else parse_since(end, NOW))
