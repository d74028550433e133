"""Commands where nothing serves: one clear line, an exit code, and nothing left on the disk."""

import socket
from pathlib import Path

import httpx
import pytest

from gateway.cli.errors import CommandError
from gateway.cli.http_client import RunningGateway
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


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("gateway.example.com", "write http://HOST:PORT or https://HOST"),
        ("https://gateway.example.com", "set SUPABASE_URL and DATABASE_URL here to what they are there"),
        ("http://127.0.0.1:9", "no gateway answers at http://127.0.0.1:9"),
    ],
)
def test_submit_to_another_gateway_says_what_it_needs(
    elsewhere: CommandLine, tmp_path: Path, url: str, said: str
) -> None:
    export = tmp_path / "export.json"
    export.write_text("[]")
    ran = elsewhere("submit", str(export), "--user", "a", "--url", url)
    assert (ran.code in {2, 3}, said in ran.err, ran.err.count("\n")) == (True, True, 1), ran.err


def test_a_key_that_is_asked_for_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = httpx.MockTransport(lambda request: httpx.Response(401, json={"detail": "key required"}))
    for key, said in ((None, "asks for a key"), ("wrong", "refuses the key")):
        gateway = RunningGateway("http://there", key)
        gateway.client = httpx.Client(base_url="http://there", transport=answers)
        with pytest.raises(CommandError, match=f"{said}: give --key or GATEWAY_API_KEY"):
            gateway.get("/jobs/1")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rollout set 150", "a dial goes from 0 to 100 %, and 150 is outside"),
        ("rollout set nan", "a dial goes from 0 to 100 %"),
        ("rollout set ten", "'ten' is not a percentage: a dial is a number from 0 to 100"),
        ("rollout set 0.25", "more than one decimal place"),
        ("rollout set v9=10", "'v9' is no version with a flag that is asked; there are: v2"),
        ("rollout set 10 --pipeline v9", "'v9' is no version with a flag that is asked; there are: v2"),
        ("rollout set v1=80 v2=10", "v1=80 is not the 90 % that the others leave it"),
        ("rollout force ana v9", "'v9' is neither v1 nor v2"),
        ("rollout history --since whenever", "neither an age (7d, 24h, 90m), a day (today, yesterday)"),
        ("jobs list --until whenever", "--until 'whenever' is neither an age"),
        ("jobs show nonsense", "is not a job id, which is a UUID: `gateway jobs list` shows them"),
    ],
)
def test_a_wrong_value_is_told_in_the_words_of_the_field(elsewhere: CommandLine, line: str, said: str) -> None:
    elsewhere("flags", "init")
    ran = elsewhere(*line.split())
    assert (ran.code, said in ran.err, ran.err.count("\n")) == (2, True, 1), ran.err
