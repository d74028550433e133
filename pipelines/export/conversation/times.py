"""Times as exports write them: epoch seconds or milliseconds, as numbers or text, or ISO 8601."""

from datetime import UTC, datetime
from typing import Any, Final

_LATEST: Final = 253_402_300_799.0  # the end of the year 9999: later is no date that Python knows
_MILLISECONDS: Final = 100_000_000_000.0  # seconds beyond the year 5138: a number this big counts milliseconds


def seconds(value: Any) -> float | None:
    """Seconds since the epoch, UTC, or None for what is no time between 1970 and 9999."""
    if type(value) is float and 0 < value < _MILLISECONDS:  # nearly always
        return value
    if isinstance(value, dict):  # {"$date": {"$numberLong": "1750534101177"}}
        value = value.get("$date", value.get("$numberLong"))
        value = value.get("$numberLong") if isinstance(value, dict) else value
    if isinstance(value, str):
        value = _from_text(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        time = float(value)
    except OverflowError:  # an integer of hundreds of digits
        return None
    if time >= _MILLISECONDS:
        time /= 1000
    return time if 0 < time <= _LATEST else None


def _from_text(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
