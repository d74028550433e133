"""One deployment for all outages of a file, and a terminal in its folder."""

from collections.abc import Iterator

import pytest

from gateway.config.settings import Settings
from tests.gateway.cli.conftest import CommandLine
from tests.runbooks.deployment import Deployment, Terminal, running_deployment


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Without a worker: each outage brings its own."""
    with running_deployment(tmp_path_factory.mktemp("runbooks")) as running:
        yield running


@pytest.fixture
def terminal(deployment: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A shell where the gateway's environment is set."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(deployment.server.folder)
    monkeypatch.setenv("PORT", str(deployment.server.port))
    return Terminal(deployment, CommandLine(capsys))
