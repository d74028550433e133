"""Prices from the list that comes with the client library. Imported only where a provider is: it needs the extra."""

from genai_prices import Usage, calc_price

from gateway.language.default_models import PRICES_OF
from gateway.language.prices import UNPRICED, Prices

TOKENS = 1_000  # below every tier that costs more
BATCH = {"processing": "batch"}  # as pydantic-ai marks an answer that came with a batch
PROVIDERS = {"bedrock": "aws"}  # the list's own names


def look_up(vendor: str, model: str, *, batch: bool = False) -> Prices:
    """The prices of small calls, or of those in a batch; unknown for a model that the list does not have."""
    base = _price(vendor, model, Usage(input_tokens=TOKENS, output_tokens=TOKENS), batch=batch)
    if base is None:
        return UNPRICED
    read = _price(vendor, model, Usage(input_tokens=TOKENS, cache_read_tokens=TOKENS), batch=batch)
    write = _price(vendor, model, Usage(input_tokens=TOKENS, cache_write_tokens=TOKENS), batch=batch)
    return Prices(base[0], base[1], PRICES_OF, read and read[0], write and write[0])


def _price(vendor: str, model: str, tokens: Usage, *, batch: bool) -> tuple[float, float] | None:
    """US dollars for a token sent and a token got."""
    try:
        context = BATCH if batch else None
        found = calc_price(tokens, model, provider_id=PROVIDERS.get(vendor, vendor), price_context=context)
    except (LookupError, ValueError, AssertionError):
        return None
    return float(found.input_price) / TOKENS, float(found.output_price) / TOKENS
