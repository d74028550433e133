"""When a date or a promise is over: by the day that it names, else some time after it was said last."""

import calendar
from datetime import UTC, date, datetime, timedelta

from pipelines.facts import Fact
from pipelines.work import late_patterns as re
from pipelines.work.word_lists import alternatives

STALE = timedelta(days=180)  # a date or a promise whose day is not known is none any more so long after it was said
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b")
_DAY_MONTH = re.compile(rf"\b{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b{_MONTH} {_DAY}\b(?!\d)(?:,? {_YEAR})?", re.IGNORECASE)
_MONTH_ALONE = re.compile(rf"\b{_MONTH}(?:,? {_YEAR})?", re.IGNORECASE)
_YEAR_ALONE = re.compile(rf"\b{_YEAR}\b")
_RELATIVE: tuple[tuple[str, int], ...] = (
    (r"today|tonight", 0),
    (r"tomorrow", 1),
    (r"(?:next|coming) (?:\w+day|week|weekend)|weekend", 14),
    (r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|this week|end of the week", 7),
    (r"this month|end of the month", 31),
    (r"next month", 62),
    (r"this year|end of the year", 366),
    (r"next (?:spring|summer|autumn|fall|winter|year)", 731),
    (r"spring|summer|autumn|fall|winter", 366),
)
_RELATIVES = tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), days) for words, days in _RELATIVE)
_AGAIN = re.compile(
    rf"\b(?:{alternatives('birthday(s) anniversary name_day christmas every each yearly annual(ly) weekly monthly')}|"
    r"\w+days at)\b",
    re.IGNORECASE,
)


_NO_DAY = re.compile(r"(?:\w+ )?(?:goal|dream|ambition|aim): |aims to ", re.IGNORECASE)  # of a life, not of a day


def over_since(fact: Fact, now: datetime) -> float | None:
    """Since when the fact's day is past, as seconds since the epoch; None for what is still to come, comes again each
    year, or has no day."""
    if fact.category not in ("date", "commitment") or _AGAIN.search(f"{fact.value} {fact.detail}"):
        return None
    if _NO_DAY.match(fact.value):
        return None
    if fact.time is None:
        due = _named(f"{fact.detail} {fact.value}", None)
    else:
        said = datetime.fromtimestamp(min(max(fact.time, 0.0), 4e9), UTC).date()
        due = _named(f"{fact.detail} {fact.value}", said) or said + STALE
    if due is None or due >= now.astimezone(UTC).date():
        return None
    return datetime(due.year, due.month, due.day, tzinfo=UTC).timestamp()


def _named(text: str, said: date | None) -> date | None:
    """The last day that the text may mean. Without the day on which it was said, only a whole date counts."""
    for pattern in (_ISO, _DAY_MONTH, _MONTH_DAY, _MONTH_ALONE):
        if (found := pattern.search(text)) and (due := _calendar(found, said)):
            return due
    if year := _YEAR_ALONE.search(text):
        return date(int(year["year"]), 12, 31)
    if said is None:
        return None
    return next((said + timedelta(days=days) for pattern, days in _RELATIVES if pattern.search(text)), None)


def _calendar(found: "re.Match[str]", said: date | None) -> date | None:
    """The day of a month; without its year, the next such day after it was said; without a day, the month's last."""
    parts = found.groupdict()
    month = _number_of(parts["month"])
    year = int(parts["year"]) if parts.get("year") else None
    if year is None and said is None:
        return None
    for candidate in (year,) if year is not None else (said.year, said.year + 1) if said else ():
        last = calendar.monthrange(candidate, month)[1]
        due = date(candidate, month, min(max(int(parts.get("day") or last), 1), last))
        if year is not None or (said is not None and due >= said):
            return due
    return None


def _number_of(month: str) -> int:
    if month.isdigit():
        return min(max(int(month), 1), 12)
    return _MONTHS.index(month[:3].lower()) + 1
