"""The calls that write one profile begin alike, to the byte, and the provider bills the beginning once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gateway.language.price_list import look_up
from pipelines.contract import SECTION_FIELDS, Usage
from pipelines.language.provider.calls.client import Asker
from pipelines.language.provider.calls.retry import CallLimit
from pipelines.language.provider.engine import ProviderLanguage
from pipelines.language.provider.vendors import via_openai
from tests.fakes.prompt_cache import blocks_of, marked_prefixes
from tests.fakes.provider import FakeProvider, running_provider
from tests.pipelines.language.provider.conftest import connect
from tests.pipelines.language.provider.material import fact, said

FACTS = [fact(f"sport{n}", sentence=f"I love sport{n} more than anything that I did before.") for n in range(80)]
PAST = [fact("the exam", "date")]
STYLE = {"words": 7.0}
VENDORS = {
    "anthropic": ("anthropic", "claude-haiku-5-5"),
    "openai": ("openai", "gpt-6-luna"),
    "bedrock": ("bedrock", "amazon.nova-lite-v1:0"),
    "unmarked": ("openai", "local-model"),
}


@asynccontextmanager
async def language_of(provider: FakeProvider, vendor: str) -> AsyncIterator[ProviderLanguage]:
    name, model = VENDORS[vendor]
    known = name == "openai"
    connection = via_openai.connect(model, None, provider.openai_url) if known else connect(provider, name)
    asker = Asker(connection.model, connection.name, CallLimit(1), marks=connection.marks)
    try:
        yield ProviderLanguage(asker)
    finally:
        await connection.close()


async def write_all(language: ProviderLanguage) -> Usage:
    """MEMORY and the sections, as a pipeline asks for them."""
    samples = [said("I went for a walk.", n=n) for n in range(3)]
    _, used = await language.memory(FACTS, PAST, STYLE, samples)
    for section in SECTION_FIELDS:
        used += (await language.section(section, FACTS, STYLE, samples))[1]
    return used


@pytest.mark.parametrize("vendor", VENDORS)
async def test_what_six_calls_share_is_sent_alike_and_billed_once(vendor: str) -> None:
    with running_provider(metered=True) as provider:
        async with language_of(provider, vendor) as language:
            used = await write_all(language)
        calls = provider.calls
    assert used.calls == len(calls) == 6
    if vendor == "unmarked":
        assert not any(marked_prefixes(call) for call in calls)
        beginnings = {tuple(text for text, _ in blocks_of(call)[:-1]) for call in calls}
        assert used.cache_read_tokens > 0.6 * used.input_tokens
    else:
        beginnings = {tuple(marked_prefixes(call)) for call in calls}
        assert used.cache_write_tokens + used.cache_read_tokens > 0.9 * used.input_tokens
        assert used.cache_read_tokens == 5 * used.cache_write_tokens
    assert len(beginnings) == 1
    prices = look_up(*VENDORS[vendor])
    plain = prices.cost(used.input_tokens, used.output_tokens)
    assert used.cost_usd == pytest.approx(prices.cost_of(used) or 0.0)
    if plain is not None:
        assert used.cost_usd < 0.6 * plain


async def test_openai_is_told_which_calls_belong_together_and_keeps_nothing_else() -> None:
    with running_provider(metered=True) as provider:
        async with language_of(provider, "openai") as language:
            await write_all(language)
            await language.extract([said("My name is Ana.")])
        *written, read = [call.body for call in provider.calls]
        async with language_of(provider, "unmarked") as language:
            await write_all(language)
        others = [call.body for call in provider.calls[7:]]
    assert len({body["prompt_cache_key"] for body in written}) == 1
    assert "prompt_cache_key" not in read
    assert all(body["prompt_cache_options"] == {"mode": "explicit"} for body in (*written, read))
    assert not any("prompt_cache_key" in body or "prompt_cache_options" in body for body in others)
