"""Gateways with secrets set, and the secrets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.config.settings import Settings
from tests.conftest import settings_for
from tests.live_gateway import LiveGateway, running_gateway

OPERATOR = "o-7Fq2LmZx9RkTb4WcHs8NvYd3"
KEYS = ("k1-Xw5GhPz7QaJm2VnRt9BcKe4U", "k2-Ns8DyLf3TgWb6MpZq1CxHj7R")


def bearer(secret: str) -> dict[str, str]:
    """The header that shows a secret."""
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
async def guarded(database_url: str, tmp_path: Path) -> AsyncIterator[LiveGateway]:
    """A gateway with an operator's token, open to callers."""
    settings = settings_for(database_url, data_dir=tmp_path / "data", operator_token=OPERATOR)
    async with running_gateway(settings) as running:
        yield running


@pytest.fixture
async def closed(database_url: str, tmp_path: Path) -> AsyncIterator[LiveGateway]:
    """A gateway that asks callers for one of two keys, and operators for their token."""
    settings = settings_for(
        database_url, data_dir=tmp_path / "data", operator_token=OPERATOR, gateway_api_keys=", ".join(KEYS)
    )
    async with running_gateway(settings) as running:
        yield running


@pytest.fixture
async def gateway_open(settings: Settings) -> AsyncIterator[LiveGateway]:
    """A gateway with nothing set."""
    async with running_gateway(settings) as running:
        yield running
