"""An operator's desk: over HTTP, and at a terminal."""

from collections.abc import AsyncIterator

import pytest

from gateway.config.settings import Settings
from tests.gateway.cli.conftest import CommandLine, plain_settings
from tests.gateway.web.operator_reads import TOKEN, Desk
from tests.live_gateway import running_gateway

__all__ = ["plain_settings"]


@pytest.fixture
async def desk(
    settings: Settings, plain_settings: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Desk]:
    """Nothing has happened yet; both flags are at 0 %."""
    assert settings.database_url is not None
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    with_token = Settings.model_validate({**settings.model_dump(), "operator_token": TOKEN})
    async with running_gateway(with_token) as gateway:
        yield Desk(gateway, CommandLine(capsys))
