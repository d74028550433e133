"""A real serving gateway in a folder of its own, and the command line run against it, in this process."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.main import main
from gateway.cli.rehearsal.invented_users.chatgpt import Export, make_export
from gateway.cli.rehearsal.stage.server import Server, start_server
from gateway.config.settings import Settings
from tests.json_documents import command_of, wrong_in


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """Runs `gateway ...` as the shell would, and catches what it prints; documents have the shape that is told."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.printed: set[str] = set()  # commands that have printed one

    def __call__(self, *arguments: str) -> Ran:
        self._capsys.readouterr()
        code = 0
        try:
            main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = self._capsys.readouterr()
        if code == 0 and "--json" in arguments:
            assert wrong_in(arguments, captured.out) == [], arguments
            self.printed.add(command_of(arguments))
        return Ran(code, captured.out, captured.err)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`gateway serve` with its defaults, as a process."""
    running = start_server(tmp_path_factory.mktemp("serving"))
    yield running
    running.stop()


@pytest.fixture
def plain_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of this environment reaches the commands."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def gateway(
    server: Server, plain_settings: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command line in the server's folder."""
    monkeypatch.chdir(server.folder)
    monkeypatch.setenv("PORT", str(server.port))
    return CommandLine(capsys)


@pytest.fixture
def elsewhere(
    plain_settings: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


@pytest.fixture
def export() -> Export:
    return make_export(7, 8, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def export_file(export: Export, tmp_path: Path) -> Path:
    path = tmp_path / "conversations.json"
    path.write_bytes(export.body)
    return path
