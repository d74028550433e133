"""How people say a moment in the past: an age, a day by its name, a time of this day, or a date."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final

EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # long before everything
UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
DAYS: Final = {"today": 0, "yesterday": 1}
Span = tuple[datetime, datetime | None]  # since when, and before when; None: until now
CLOCK: Final = re.compile(r"\d{1,2}:\d{2}")


def parse_since(text: str, now: datetime) -> datetime:
    """A moment: ISO 8601, `today`, `yesterday` (their beginning, in UTC), a time like `20:40` (the last one that has
    passed), or so long ago: "90m", "24h", "7d". Raises ValueError, and OverflowError for one too far."""
    said = text.strip().lower()
    if said[-1:] in UNITS and said[:-1].isdigit():
        return now - timedelta(**{UNITS[said[-1]]: int(said[:-1])})
    if said in DAYS:
        return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS[said])
    if CLOCK.fullmatch(said):
        moment = datetime.combine(now.astimezone(UTC).date(), time.fromisoformat(said.zfill(5)), UTC)
        return moment if moment <= now else moment - timedelta(days=1)
    return parse_moment(text.strip())


def end_of(text: str, now: datetime) -> datetime | None:
    """Where what `parse_since` begins ends: `yesterday` is that day alone; None: it goes on until now."""
    return parse_since("today", now) if text.strip().lower() == "yesterday" else None


def parse_moment(text: str) -> datetime:
    """ISO 8601; in UTC where no zone is named. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
