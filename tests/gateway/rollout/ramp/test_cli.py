"""`gateway ramp` and `gateway rollback` as commands, on a database of their own; no server runs."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from flags.control import open_control
from gateway.database.pool import Database, open_database
from tests.conftest import settings_for
from tests.gateway.cli.conftest import CommandLine, plain_settings
from tests.gateway.restore.crowd import publish_crowd

__all__ = ["plain_settings"]


@pytest.fixture
def gateway(
    plain_settings: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database_url: str,
    tmp_path: Path,
) -> CommandLine:
    """The command line, in a folder with flags at 0 %."""
    asyncio.run(open_control(data_dir=tmp_path / "data").init())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    return CommandLine(capsys)


@pytest.fixture
def crowd(database_url: str) -> None:
    """Ten users with a result of v1, then of v2; and one with a result of v2 alone."""

    async def publish() -> None:
        database: Database = await open_database(settings_for(database_url))
        await publish_crowd(database.pool, "v1", 10)
        await publish_crowd(database.pool, "v2", 10)
        async with database.pool.connection() as connection:
            await connection.execute("insert into user_profiles (user_id, pipeline) values ('new', 'v2')")
            await connection.execute(
                "insert into processing_jobs (user_id, storage_path, status, pipeline) "
                "values ('new', 'user-imports/new/raw-1.json', 'complete', 'v2')"
            )
        await database.close()

    asyncio.run(publish())


def test_a_ramp_from_start_to_abort(gateway: CommandLine) -> None:
    assert gateway("ramp", "status").code == 4
    started = gateway("ramp", "start", "--steps", "1,5,25", "--hold", "30m", "--min-jobs", "50", "--json").json
    assert (started["state"], started["hold_seconds"], started["min_jobs"]) == ("running", 1800, 50)
    shown = gateway("ramp", "status")
    assert "[1 %] → 5 % → 25 %" in shown.out
    assert "no worker has looked at it yet" in shown.out
    again = gateway("ramp", "start")
    assert (again.code, again.err) == (1, "gateway: a ramp is active already: abort it first\n")
    assert gateway("ramp", "pause", "--why", "lunch", "--json").json["state"] == "paused"
    assert gateway("ramp", "resume", "--json").json["state"] == "running"
    assert gateway("ramp", "abort", "--off", "--json").json["state"] == "aborted"
    assert gateway("rollout", "show", "--json").json["enabled"] is False
    whys = [entry["why"] for entry in gateway("rollout", "history", "--json").json if entry["what"] == "ramp"]
    assert whys == ["", "", "lunch", ""]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--steps", "5,1"), "steps must rise"),
        (("--steps", "a few"), "'a few' are not steps: write percentages, like 1,5,25,50,100"),
        (("--hold", "soon"), "'soon' is not a time: write 30s, 15m, 1h or 2d"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_in_one_line(
    gateway: CommandLine, arguments: tuple[str, ...], message: str
) -> None:
    ran = gateway("ramp", "start", *arguments)
    assert (ran.code, ran.err) == (1, f"gateway: {message}\n")


def test_a_data_rollback_is_counted_then_done(gateway: CommandLine, crowd: None) -> None:
    counted = gateway("rollback", "--restore-data", "--dry-run")
    assert "10 users would get the last result of v1 back" in counted.out
    assert "1 users never had a result of v1; of 1 the export is known" in counted.out
    done = gateway("rollback", "--restore-data", "--batch", "3", "--why", "nonsense", "--rerun-missing", "--json").json
    assert (done["state"], done["restored"], done["restorable"], done["run_again"]) == ("done", 10, 0, 1)
    assert done["missing_users"] == ["new"]
    jobs = gateway("jobs", "list", "--pipeline", "v1", "--json").json
    assert [(job["user_id"], job["status"], job["reason"]) for job in jobs] == [("new", "pending", "rolled_back")]
    assert "10 users have the last result of v2 back" in gateway("rollback", "--restore-data", "--to", "v2").out


def test_what_is_run_again_waits_where_the_base_of_the_moment_waits(
    gateway: CommandLine, crowd: None, database_url: str
) -> None:
    prepared = [
        "insert into gateway.promotion (base, actor, why) values ('v2', 'ops', '')",
        "insert into user_profiles (user_id, pipeline) values ('old', 'v1')",
        (
            "insert into processing_jobs (user_id, storage_path, status, pipeline) "
            "values ('old', 'user-imports/old/raw-1.json', 'complete', 'v1')"
        ),
    ]

    async def rows(*statements: str) -> list[tuple[object, ...]]:
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            for statement in statements:
                cursor = await connection.execute(statement.encode())
            return [] if cursor.description is None else await cursor.fetchall()

    asyncio.run(rows(*prepared))
    done = gateway("rollback", "--restore-data", "--rerun-missing", "--json").json
    assert (done["to"], done["missing_users"], done["run_again"]) == ("v2", ["old"], 1)
    assert asyncio.run(rows("select queue_name from procrastinate_jobs where task_name = 'run_job'")) == [("primary",)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "say what is rolled back: --restore-data puts results back; the flag is `gateway rollout off`"),
        (("--restore-data", "--to", "v9"), "there is no pipeline v9"),
        (("--restore-data", "--to", "v2", "--rerun-missing"), "--rerun-missing makes v1 jobs only"),
    ],
)
def test_a_rollback_that_cannot_be_meant(gateway: CommandLine, arguments: tuple[str, ...], message: str) -> None:
    ran = gateway("rollback", *arguments)
    assert ran.code == 2
    assert message in ran.err


def test_a_preview_tells_the_price_of_knowing_and_the_guard_has_seen_nothing_yet(gateway: CommandLine) -> None:
    told = gateway("ramp", "start", "--steps", "5,100", "--preview").out.splitlines()
    assert told[0].startswith("at 5 %: in the last day nobody came without v2, so how often jobs fail as it is")
    assert told[1] == "at 100 % nothing is left to chance: the guard cannot compare v2 with anything"
    assert gateway("ramp", "status").code == 4  # nothing was started
    assert [one["percent"] for one in gateway("ramp", "start", "--steps", "5,25", "--preview", "--json").json] == [
        5,
        25,
    ]
    assert gateway("rollout", "set", "25", "--preview", "--json").json["price"]["percent"] == 25
    assert "in the last day nobody came without v2" in gateway("rollout", "set", "25", "--preview").out
    assert gateway("ramp", "start", "--steps", "a", "--preview").code == 1
    none = gateway("rollout", "guard")
    assert (none.code, "was at a dial between 0 and 100" in none.err) == (4, True)
    assert gateway("rollout", "guard", "--json").code == 4
