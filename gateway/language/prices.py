"""What tokens of a model cost, and when that was read."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from pipelines.contract import Usage


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for a token sent and a token got, None where nobody knows; `of` is the day of the price list.

    `read_usd` and `write_usd` are for tokens sent that the provider's cache has, and takes; None: as any other."""

    input_usd: float | None
    output_usd: float | None
    of: date | None
    read_usd: float | None = None
    write_usd: float | None = None

    def cost(self, input_tokens: float, output_tokens: float) -> float | None:
        """US dollars; None without a known price."""
        if self.input_usd is None or self.output_usd is None:
            return None
        return self.input_usd * input_tokens + self.output_usd * output_tokens

    def cost_of(self, usage: Usage) -> float | None:
        """US dollars for these tokens, by where the provider has them from; None without a known price."""
        plain = self.cost(usage.input_tokens, usage.output_tokens)
        if plain is None or self.input_usd is None:
            return None
        read = 0.0 if self.read_usd is None else self.read_usd - self.input_usd
        write = 0.0 if self.write_usd is None else self.write_usd - self.input_usd
        return plain + read * usage.cache_read_tokens + write * usage.cache_write_tokens


UNPRICED: Final = Prices(None, None, None)
