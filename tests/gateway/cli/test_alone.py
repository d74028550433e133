"""Commands where nothing serves: one clear line, an exit code, and nothing left on the disk."""

import socket
from pathlib import Path

import pytest

from tests.gateway.cli.conftest import CommandLine


@pytest.mark.parametrize(
    "arguments",
    [("jobs", "list"), ("result", "ana"), ("rollout", "show"), ("rollout", "off"), ("users", "erase", "ana", "--yes")],
)
def test_nothing_is_made_by_asking(elsewhere: CommandLine, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = elsewhere(*arguments)
    assert ran.code == 4
    assert "gateway serve" in ran.err
    assert ran.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_flags_can_be_made_before_anything_serves(elsewhere: CommandLine) -> None:
    assert len(elsewhere("flags", "init", "--json").json["created"]) == 2
    assert elsewhere("flags", "init", "--json").json["created"] == []
    assert elsewhere("rollout", "show", "--json").json["dial"] == 0


def test_a_broken_file_is_told_as_what_it_means_for_the_command(elsewhere: CommandLine, tmp_path: Path) -> None:
    elsewhere("flags", "init")
    (file,) = tmp_path.rglob("flags.json")
    file.write_text("{broken")
    seen, changed = elsewhere("rollout", "show"), elsewhere("rollout", "set", "5")
    assert (seen.code, changed.code) == (3, 3)
    assert "the flags cannot be read: flags.json is broken" in seen.err
    assert "nothing was changed: flags.json is broken" in changed.err


@pytest.mark.timeout(50)
def test_off_waits_for_no_database_that_hangs(elsewhere: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere("flags", "init")
    elsewhere("rollout", "set", "20")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("DATABASE_URL", f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/d")
        monkeypatch.setenv("DATABASE_TIMEOUT_SECONDS", "60")
        ran = elsewhere("rollout", "off", "--all")
    monkeypatch.delenv("DATABASE_URL")
    assert (ran.code, "the database does not answer: the change is made" in ran.err) == (0, True), ran
    assert elsewhere("rollout", "show", "--json").json["enabled"] is False


def test_submitting_without_a_gateway_says_how_to_start_one(elsewhere: CommandLine, export_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    ran = elsewhere("submit", str(export_file), "--user", "ana", "--url", f"http://127.0.0.1:{port}")
    assert ran.code == 3
    assert "gateway serve" in ran.err
    assert list(export_file.parent.iterdir()) == [export_file]


def test_submitting_a_file_that_is_not_there(elsewhere: CommandLine) -> None:
    assert elsewhere("submit", "nothing.json", "--user", "ana").code == 4


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"SUPABASE_URL": "http://127.0.0.1:9", "DATABASE_URL": "postgresql://x"}, "SUPABASE_SERVICE_KEY"),
        ({"UNLEASH_API_TOKEN": "t"}, "UNLEASH_URL"),
        ({"PORT": "many"}, "PORT"),
    ],
)
def test_a_wrong_setting_is_named(
    elsewhere: CommandLine, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ran = elsewhere("serve")
    assert ran.code == 2
    assert named in ran.err
    assert ran.err.count("\n") == 1


def test_a_database_that_is_away_is_one_line(elsewhere: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    monkeypatch.setenv("DATABASE_TIMEOUT_SECONDS", "1")
    ran = elsewhere("jobs", "list")
    assert ran.code == 3
    assert "does not answer" in ran.err
    assert ran.err.count("\n") == 1


def test_migrating_an_empty_database(
    elsewhere: CommandLine, monkeypatch: pytest.MonkeyPatch, empty_database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    assert elsewhere("jobs", "list").code == 4
    assert elsewhere("migrate", "--check").code == 1
    assert "0001_core.sql" in elsewhere("migrate").out
    assert elsewhere("migrate", "--check").code == 0
    assert elsewhere("jobs", "list", "--json").json == []


def test_help_names_every_command(elsewhere: CommandLine) -> None:
    out = elsewhere("--help").out
    for command in ("serve", "worker", "migrate", "submit", "jobs", "result", "explain", "rollout", "users", "demo"):
        assert command in out


def test_the_version_is_printed(elsewhere: CommandLine) -> None:
    assert elsewhere("--version").out.startswith("gateway ")
