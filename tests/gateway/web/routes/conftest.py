"""Fixtures of the HTTP tests."""

from collections.abc import AsyncIterator

import pytest

from gateway.config.settings import Settings
from tests.live_gateway import LiveGateway, running_gateway


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[LiveGateway]:
    """A gateway that serves, with a database of its own."""
    async with running_gateway(settings) as running:
        yield running
