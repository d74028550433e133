"""How people say a moment in the past: an age, or a date."""

from datetime import UTC, datetime, timedelta
from typing import Final

EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # long before everything
UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def parse_since(text: str, now: datetime) -> datetime:
    """A moment: ISO 8601, or so long ago: "90m", "24h", "7d". Raises ValueError, and OverflowError for one too far."""
    if text[-1:] in UNITS and text[:-1].isdigit():
        return now - timedelta(**{UNITS[text[-1]]: int(text[:-1])})
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
