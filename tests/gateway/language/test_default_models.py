"""The models asked by default are the newest small ones that the client libraries list, at the prices listed."""

import re
from decimal import Decimal
from typing import get_args

import pytest
from anthropic.types import ModelParam
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import TieredPrices
from openai.types import ChatModel

from gateway.language.default_models import ANTHROPIC, OPENAI, DefaultModel


def newest(family: str, listed: list[str]) -> str:
    """The highest version of a family among names that carry no date."""
    found = {tuple(map(int, re.findall(r"\d+", name))): name for name in listed if re.fullmatch(family, name)}
    return found[max(found)]


def test_the_default_is_the_newest_small_model_that_the_client_library_lists() -> None:
    names, *_ = get_args(ModelParam)
    assert newest(r"claude-haiku-\d{1,2}(-\d{1,2})?", list(get_args(names))) == ANTHROPIC.name
    assert newest(r"gpt-\d+(\.\d+)?-luna", list(get_args(ChatModel))) == OPENAI.name


@pytest.mark.parametrize(("vendor", "model"), [("anthropic", ANTHROPIC), ("openai", OPENAI)])
def test_its_price_is_the_one_of_the_installed_price_list(vendor: str, model: DefaultModel) -> None:
    provider = next(provider for provider in get_snapshot().providers if provider.id == vendor)
    prices = next(known for known in provider.models if known.is_match(model.name)).prices
    assert not isinstance(prices, list)
    listed = [prices.input_mtok, prices.cache_read_mtok, prices.output_mtok]
    base = [price.base if isinstance(price, TieredPrices) else price for price in listed]
    said = [model.input_usd, model.cached_usd, model.output_usd]
    assert base == [Decimal(str(usd)) for usd in said], "the price list has changed: take its prices, and today's date"
