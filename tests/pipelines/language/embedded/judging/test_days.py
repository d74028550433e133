"""A plan keeps its time by the calendar, whenever it is read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.language.embedded.judging.days import by_calendar
from tests.pipelines.language.embedded.reading import read

WEDNESDAY = datetime(2023, 6, 28, 18, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("call the bank tomorrow", "call the bank on 29 June 2023"),
        ("finish it tonight", "finish it on 28 June 2023"),
        ("plans to ski this Saturday", "plans to ski on 1 July 2023"),
        ("plans to ski next Saturday", "plans to ski in July 2023"),
        ("first aid course next week", "first aid course in July 2023"),
        ("camping this weekend", "camping in June 2023"),
        ("moves to Leeds next month", "moves to Leeds in July 2023"),
        ("open a second location next year", "open a second location in 2024"),
        ("finish school this year", "finish school in 2023"),
        ("booked a trip for next month", "booked a trip for July 2023"),
        ("send it by tomorrow", "send it by 29 June 2023"),
        ("go back next time", "go back next time"),
        ("this week's report", "this week's report"),
        ("exam on 3 May", "exam on 3 May"),
    ],
)
def test_a_time_is_told_by_the_calendar(said: str, told: str) -> None:
    assert by_calendar(said, WEDNESDAY) == told
    assert by_calendar(said, None) == said


def test_december_leads_into_the_next_year() -> None:
    said_at = datetime(2023, 12, 31, tzinfo=UTC).timestamp()
    assert (
        by_calendar("tomorrow, next week, next month", said_at) == "on 1 January 2024, in January 2024, in January 2024"
    )


@given(st.floats(1, 3.9e9), st.text(max_size=40))
def test_whenever_it_was_said_it_is_told_once(said_at: float, rest: str) -> None:
    told = by_calendar(f"plans to ski next month {rest}", said_at)
    assert "next month" not in told
    assert by_calendar(told, said_at) == told


def test_a_plan_is_read_with_its_time() -> None:
    (plan,) = read("I signed up for a first aid course next week.").facts
    assert "first aid" in plan.value
