"""A shell in an empty folder of a clone that was set up."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.config.settings import Settings
from tests.documents.session import Session
from tests.documents.warm import WarmGateways
from tests.gateway.cli.conftest import CommandLine, Ran


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmGateways]:
    """Starts what serves the pages."""
    gateways = WarmGateways()
    yield gateways
    gateways.close()


@pytest.fixture
def session(tmp_path: Path, warm: WarmGateways, capsys: pytest.CaptureFixture[str]) -> Iterator[Session]:
    """A shell in an empty folder of a clone that was set up."""
    command_line = CommandLine(capsys)

    def gateway(*arguments: str, **environment: str) -> Ran:
        with pytest.MonkeyPatch.context() as patch:
            for name in Settings.model_fields:
                patch.delenv(name.upper(), raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.chdir(tmp_path)
            return command_line(*arguments)

    with ExitStack() as closing:
        opened = Session(tmp_path, gateway, warm.serve, {}, closing)
        opened.prepare()
        yield opened
