"""Past dates are history: by the day that they name, else a time after they were said."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.facts import Fact
from pipelines.memory.due import over_since

SAID = datetime(2026, 7, 10, 12, tzinfo=UTC)  # a Friday


def over(value: str, now: tuple[int, int, int], detail: str = "", category: str = "date") -> bool:
    fact = Fact(category, value, "", "c", "m", SAID.timestamp(), detail=detail)  # type: ignore[arg-type]
    return over_since(fact, datetime(*now, tzinfo=UTC)) is not None


@pytest.mark.parametrize(
    ("value", "still", "past"),
    [
        ("driving test: 3 October 2026", (2026, 10, 3), (2026, 10, 4)),
        ("interview on October 3rd", (2026, 10, 3), (2026, 10, 4)),
        ("exam on 3rd of March", (2027, 3, 3), (2027, 3, 4)),
        ("launch 2026-08-01", (2026, 8, 1), (2026, 8, 2)),
        ("flight in September", (2026, 9, 30), (2026, 10, 1)),
        ("move in 2027", (2027, 12, 31), (2028, 1, 1)),
        ("send the slides by Wednesday", (2026, 7, 17), (2026, 7, 18)),
        ("start the course next month", (2026, 9, 1), (2026, 9, 12)),
        ("plans to stay in Spain", (2027, 1, 6), (2027, 1, 7)),
    ],
)
def test_a_day_is_past_when_it_is_over(value: str, still: tuple[int, int, int], past: tuple[int, int, int]) -> None:
    for category in ("date", "commitment"):
        assert (over(value, still, category=category), over(value, past, category=category)) == (False, True)


@pytest.mark.parametrize("value", ["birthday: 14 February", "anniversary on 3 May", "rehearsal every Monday"])
def test_what_comes_again_is_never_past(value: str) -> None:
    assert not over(value, (2040, 1, 1))


@given(st.text(max_size=40), st.none() | st.floats(allow_nan=False), st.datetimes(timezones=st.just(UTC)))
def test_any_text_is_read(value: str, time: float | None, now: datetime) -> None:
    for category in ("date", "interest"):
        since = over_since(Fact(category, value, "", "c", "m", time), now)
        assert since is None or (category == "date" and since < now.timestamp())
