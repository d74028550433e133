"""Names the time that a plan means by the calendar: "next month", read alone a year later, says nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from pipelines.work import late_patterns as re

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = timedelta(days=7)
_RELATIVE = re.compile(
    r"(?<!\bmy )(?<!\bour )\b(?P<before>(?:for|by|until|till|before|after|since|of) )?(?:(?:on )?(?P<near>today|"
    r"tonight|tomorrow)|"
    r"(?:in |during |over )?(?:the )?(?P<which>this|next|coming)(?: coming)? "
    rf"(?P<unit>week|weekend|month|year|{'|'.join(_WEEKDAYS)}))\b(?!'s)",
    re.IGNORECASE,
)


_ON_A_DAY = re.compile(
    rf"(?<!every )(?<!each )\b(?P<before>on|by|until|till|before) (?P<day>{'|'.join(_WEEKDAYS)})\b(?!s|'s| \d)",
    re.IGNORECASE,
)
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_AHEAD = re.compile(r"\bin (?P<count>\d{1,2}|a|one|two|three|four|five|six) (?P<unit>day|week)s?\b(?!')", re.IGNORECASE)


def by_calendar(text: str, said_at: float | None) -> str:
    """`text` with the times that count from the day on which it was said (seconds since the epoch) as a date, a month
    or a year, whichever the words give for certain: "in July 2023". Without that day, as it is."""
    if said_at is None or not 0 < said_at < 4e9:
        return text
    said = datetime.fromtimestamp(said_at, UTC).date()
    text = _RELATIVE.sub(lambda found: _named(found, said), text)
    text = _ON_A_DAY.sub(lambda found: f"{found['before']} {_day(_coming(said, found['day'].lower()))}", text)
    return _AHEAD.sub(lambda found: _ahead(found, said), text)


def _ahead(found: "re.Match[str]", said: date) -> str:
    """ "In three days" as that day, "in two weeks" as its month."""
    count = found["count"].lower()
    number = int(count) if count.isdigit() else _NUMBERS[count]
    if found["unit"].lower() == "day":
        return f"on {_day(said + timedelta(days=number))}"
    return f"in {_month(said + number * _WEEK)}"


def _named(found: "re.Match[str]", said: date) -> str:
    told = _told(found, said)
    return f"{found['before']}{told.partition(' ')[2]}" if found["before"] else told


def _told(found: "re.Match[str]", said: date) -> str:
    if near := found["near"]:
        return f"on {_day(said + timedelta(days=near.lower() == 'tomorrow'))}"
    which, unit = found["which"].lower(), found["unit"].lower()
    if unit == "year":
        return f"in {said.year + (which != 'this')}"
    if unit in _WEEKDAYS and which == "this":
        return f"on {_day(_coming(said, unit))}"
    return f"in {_month(_BEGINS[unit](said, which) if unit in _BEGINS else _coming(said, unit))}"


def _of_weeks(said: date, which: str) -> date:
    return said if which == "this" else said + _WEEK


def _of_months(said: date, which: str) -> date:
    return said if which == "this" else (said.replace(day=1) + timedelta(days=31)).replace(day=1)


_BEGINS: dict[str, Callable[[date, str], date]] = {"week": _of_weeks, "weekend": _of_weeks, "month": _of_months}


def _coming(said: date, weekday: str) -> date:
    ahead = (_WEEKDAYS.index(weekday) - said.weekday()) % 7
    return said + timedelta(days=ahead or 7)


def _day(day: date) -> str:
    return f"{day.day} {_month(day)}"


def _month(day: date) -> str:
    return f"{day:%B %Y}"
