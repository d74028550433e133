"""A provider on loopback, and engines that talk to it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from pydantic_ai.models import Model

from pipelines.language.provider.calls.client import Asker
from pipelines.language.provider.calls.events import Notice
from pipelines.language.provider.calls.rate_limit import RateLimit
from pipelines.language.provider.calls.retry import CallLimit, Patience
from pipelines.language.provider.engine import ProviderLanguage
from pipelines.language.provider.vendors import via_anthropic, via_bedrock, via_openai
from pipelines.language.provider.vendors.connection import Connection
from pipelines.language.provider.vendors.via_bedrock import AwsKeys
from tests.fakes.provider import FakeProvider, running_provider

VENDORS = ("anthropic", "openai", "bedrock")
QUICK = Patience(attempts=4, call_seconds=5.0, first_wait=0.01, longest_wait=1.0)


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider() as running:
        yield running


class Rig:
    """An engine, and what it told its owner."""

    def __init__(self, language: ProviderLanguage, noticed: dict[Notice, float]) -> None:
        self.language = language
        self.noticed = noticed


def connect(provider: FakeProvider, vendor: str) -> Connection[Model]:
    """A connection to the fake in the vendor's dialect."""
    match vendor:
        case "anthropic":
            return via_anthropic.connect("claude-haiku-5-5", "key", provider.url)
        case "openai":
            return via_openai.connect("local-model", None, provider.openai_url)
        case _:
            return via_bedrock.connect("amazon.nova-lite-v1:0", AwsKeys("id", "secret", "eu-west-1"), provider.url)


@asynccontextmanager
async def open_rig(
    provider: FakeProvider,
    vendor: str = "anthropic",
    *,
    concurrency: int = 3,
    patience: Patience = QUICK,
    pace: RateLimit | None = None,
    window_tokens: int = 60_000,
) -> AsyncIterator[Rig]:
    noticed: dict[Notice, float] = {}

    def notify(notice: Notice, amount: float) -> None:
        noticed[notice] = noticed.get(notice, 0) + amount

    connection = connect(provider, vendor)
    line = CallLimit(concurrency, patience, pace, notify)
    asker = Asker(connection.model, connection.name, line, marks=connection.marks)
    try:
        yield Rig(ProviderLanguage(asker, window_tokens=window_tokens), noticed)
    finally:
        await connection.close()


@pytest.fixture(params=VENDORS)
async def rig(request: pytest.FixtureRequest, provider: FakeProvider) -> AsyncIterator[Rig]:
    """The same over all dialects."""
    async with open_rig(provider, request.param) as opened:
        yield opened
