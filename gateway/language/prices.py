"""What tokens of a model cost, and when that was read."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for a token sent and a token got, None where nobody knows; `of` is the day of the price list."""

    input_usd: float | None
    output_usd: float | None
    of: date | None

    def cost(self, input_tokens: float, output_tokens: float) -> float | None:
        """US dollars; None without a known price."""
        if self.input_usd is None or self.output_usd is None:
            return None
        return self.input_usd * input_tokens + self.output_usd * output_tokens


UNPRICED: Final = Prices(None, None, None)
