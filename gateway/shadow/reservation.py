"""Tokens and money taken from a day's budget before anything is asked."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is settled afterwards, on its own day."""

    day: date
    tokens: int
    cost_usd: float
