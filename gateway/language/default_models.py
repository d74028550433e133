"""The models asked where a key is set and no model named, and their prices: of each vendor the newest small one
that the installed client library lists. Tests hold both against the libraries, so that an update is noticed here."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class DefaultModel:
    """A model's name, and its prices in US dollars for a million tokens."""

    name: str
    input_usd: float
    cached_usd: float  # input that the provider has in its cache
    output_usd: float


PRICES_OF: Final = date(2026, 11, 28)  # when these prices were read, in the price list of genai-prices 0.2.3
ANTHROPIC: Final = DefaultModel("claude-haiku-5-5", 0.10, 0.01, 0.50)
OPENAI: Final = DefaultModel("gpt-6-luna", 0.10, 0.01, 0.50)
