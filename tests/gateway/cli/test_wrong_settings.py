"""A setting that is wrong is one line at start, which names it; `gateway check` says the same without starting."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from gateway.database.embedded_postgres import EmbeddedPostgres
from tests.conftest import url_of
from tests.gateway.cli.conftest import CommandLine

WRONG = [
    ({"STALLED_AFTER_SECONDS": "5"}, "STALLED_AFTER_SECONDS"),
    ({"DATABASE_URL": "mysql://u:hush@h/n"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://u:hush@h:badport/n"}, "DATABASE_URL"),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
    ({"UNLEASH_URL": "unleash", "UNLEASH_API_TOKEN": "hush"}, "UNLEASH_URL"),
    ({"DATA_DIR": __file__}, "DATA_DIR"),
    ({"DATA_DIR": "/proc/nowhere"}, "DATA_DIR"),
    ({"PORT": "http"}, "PORT"),
]


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway", *command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("environment", "named"), WRONG)
def test_a_wrong_setting_is_one_line(
    elsewhere: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    environment: dict[str, str],
    named: str,
) -> None:
    for name, value in {"DATA_DIR": str(tmp_path / "data"), **environment}.items():
        monkeypatch.setenv(name, value)
    for command in ("check", "serve", "worker"):
        ran = elsewhere(command)
        (line,) = ran.err.splitlines()
        assert (ran.code, named in line, "hush" in line) == (2, True, False), (command, line)
        assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["check", "serve", "worker"])
def test_a_process_with_a_wrong_setting_ends_with_one_line(command: str, tmp_path: Path) -> None:
    done = run([command], {"DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": "mysql://u:hush@h/n"})
    (line,) = done.stderr.splitlines()
    assert (done.returncode, "DATABASE_URL" in line, "hush" in line) == (2, True, False), line
    assert not (tmp_path / "data").exists()


def test_check_says_that_all_is_well_and_makes_nothing(tmp_path: Path) -> None:
    done = run(["check"], {"DATA_DIR": str(tmp_path / "data")})
    assert (done.returncode, "settings are right" in done.stdout) == (0, True), done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["worker"], ["migrate"]])
def test_a_database_in_another_encoding_is_one_line(
    postgres: EmbeddedPostgres, tmp_path: Path, command: list[str]
) -> None:
    name = f"latin_{abs(hash(tmp_path))}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"create database {name} encoding LATIN1 locale 'C' template template0")
    done = run(command, {"DATABASE_URL": url_of(postgres, name), "DATA_DIR": str(tmp_path), "METRICS_PORT": "0"})
    last = done.stderr.splitlines()[-1]
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert "DATABASE_URL: the database's encoding is LATIN1" in last


def test_a_parameter_that_postgres_does_not_know_is_one_line(tmp_path: Path) -> None:
    done = run(["serve", "--port", "0"], {"DATABASE_URL": "postgresql://h/n?speed=high", "DATA_DIR": str(tmp_path)})
    last = done.stderr.splitlines()[-1]
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert "DATABASE_URL" in last
    assert "speed" in last
