"""Prices from the list that comes with the client library. Imported only where a provider is: it needs the extra."""

from genai_prices import Usage, calc_price

from gateway.language.default_models import PRICES_OF
from gateway.language.prices import UNPRICED, Prices

TOKENS = 1_000  # below every tier that costs more
PROVIDERS = {"bedrock": "aws"}  # the list's own names


def look_up(vendor: str, model: str) -> Prices:
    """The prices of small calls; unknown for a model that the list does not have."""
    try:
        tokens = Usage(input_tokens=TOKENS, output_tokens=TOKENS)
        found = calc_price(tokens, model, provider_id=PROVIDERS.get(vendor, vendor))
    except (LookupError, ValueError, AssertionError):
        return UNPRICED
    return Prices(float(found.input_price) / TOKENS, float(found.output_price) / TOKENS, PRICES_OF)
