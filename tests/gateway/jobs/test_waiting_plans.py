"""With 200,000 jobs waiting, taking one, looking, sweeping and accepting read a few rows of them, by index."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.types.json import Jsonb

import gateway.jobs
from gateway.database.pool import load_sql
from gateway.jobs.accept.rows import Row, Terms, parameters
from gateway.jobs.accept.store import statements
from gateway.jobs.queue.engine import SQL as ENTRIES
from gateway.jobs.queue.names import QUEUES
from tests.gateway.jobs.test_plans import nodes

JOBS = Path(gateway.jobs.__path__[0])
WAITING = 200_000
PAGE = 2000
TABLES = {"processing_jobs", "procrastinate_jobs"}
ID = "00000000-0000-0000-0000-000000000007"
ROW = Row(
    str(uuid.uuid4()), "new", "a/b.json", 1, 2, "k", False, None, Terms("v1", "primary", "f", 0.0, "r", False, None)
)
ACCEPT = {**load_sql(JOBS / "accept" / "store.sql"), **statements("text")}
ONE = {"locks": ["u7"], "args": [Jsonb({"job_id": ID})]}
MANY = {"locks": [f"u{n}" for n in range(PAGE)], "args": [Jsonb({"job_id": f"{n}"}) for n in range(PAGE)]}
FROM_START = {
    "page": PAGE, "seconds": 20.0, "pending": ID, "pending_at": "-infinity", "processing": ID,
    "processing_at": "-infinity",
}  # fmt: skip
# Statement, its values, and how many rows of these tables it may read.
READS: dict[str, tuple[str, dict[str, Any], int]] = {
    "accept": (ACCEPT["accept"], parameters([ROW]) | {"body": None}, 10),
    "accept_new": (ACCEPT["accept_new"], parameters([ROW]), 10),
    "find_under_way": (ACCEPT["find_under_way"], parameters([replace(ROW, user_id="u7")]), 10),
    "count_waiting": (ACCEPT["count_waiting"], {"limit": 5000}, 5000),
    "look": (ENTRIES["look"], {"queues": list(QUEUES)}, 20),
    "fetch": (ENTRIES["fetch"], {"queue": "primary", "worker": None}, 20),
    "fetch of an empty queue": (ENTRIES["fetch"], {"queue": "candidate", "worker": None}, 20),
    "fetch behind what waits": (ENTRIES["fetch"], {"queue": "outbox", "worker": None}, 20),
    "finish": (ENTRIES["finish"], {"id": 7, "worker": 1}, 20),
    "recover": (ENTRIES["recover"], {"seconds": 20.0}, 20),
    "wake": (ENTRIES["wake"], ONE, 20),
    "waiting": (ENTRIES["waiting"], {"queue": "candidate", "limit": 200}, 20),
    "open_jobs": (load_sql(JOBS / "queue" / "lost.sql")["open_jobs"], FROM_START, 2 * PAGE),
    "lost": (ENTRIES["lost"], MANY, 2 * PAGE),
}


@pytest.fixture(scope="module")
def deep(new_database_url: Callable[[], str]) -> Iterator[psycopg.Connection[Any]]:
    """A database in which so many jobs wait, and one message behind them."""
    with psycopg.connect(new_database_url(), autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(
            "insert into processing_jobs (id, user_id, status, pipeline, reason, request_key, created_at) "
            "select lpad(to_hex(n), 32, '0')::uuid, 'u' || n, 'pending', 'v1', 'flag', 'k', "
            "now() - n * interval '1 ms' from generate_series(1, %s) n",
            (WAITING,),
        )
        connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, lock, args) "
            "select 'primary', 'run_job', user_id, jsonb_build_object('job_id', id::text) from processing_jobs"
        )
        connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, lock, args) values ('outbox', 'deliver', 'm', '{}')"
        )
        connection.execute("analyze processing_jobs")
        connection.execute("analyze procrastinate_jobs")
        yield connection


@pytest.mark.parametrize("name", READS)
def test_what_waits_is_not_read_as_a_whole(deep: psycopg.Connection[Any], name: str) -> None:
    statement, values, most = READS[name]
    statement = statement.rstrip(";")
    with deep.transaction(force_rollback=True):
        row = deep.execute(f"explain (analyze, format json) {statement}", values).fetchone()
    assert_reads(row, most)


@pytest.mark.parametrize("queue", ["primary", "candidate", "outbox"])
def test_a_plan_made_for_any_queue_reads_as_little(deep: psycopg.Connection[Any], queue: str) -> None:
    """As connections have it that have asked often: the plan does not know which queue is asked for."""
    deep.execute("set plan_cache_mode = force_generic_plan")
    statement = ENTRIES["fetch"].replace("%(queue)s", "$1").replace("%(worker)s", "$2").rstrip(";")
    with deep.transaction(force_rollback=True):
        deep.execute(f"prepare fetch_{queue} (text, bigint) as {statement}")
        row = deep.execute(f"explain (analyze, format json) execute fetch_{queue} ('{queue}', null)").fetchone()
    deep.execute("reset plan_cache_mode")
    assert_reads(row, 20)


def test_a_look_as_a_line_asks_it_reads_as_little_though_it_was_planned_before_anything_waited(
    deep: psycopg.Connection[Any],
) -> None:
    """A line plans what it asks once: while its tables were empty, perhaps."""
    look = ENTRIES["look"].replace("%(queues)s", "$1").rstrip(";")
    deep.execute("set plan_cache_mode = force_generic_plan")
    with deep.transaction(force_rollback=True):
        deep.execute("create temporary table procrastinate_jobs (like procrastinate_jobs including all) on commit drop")
        deep.execute(f"prepare early_look (text[]) as {look}")
        deep.execute("execute early_look ('{primary}')")
        deep.execute(
            "insert into procrastinate_jobs (id, queue_name, task_name, lock, args)"
            " select id, queue_name, task_name, lock, args from public.procrastinate_jobs"
        )
        row = deep.execute("explain (analyze, format json) execute early_look ('{primary,candidate}')").fetchone()
    deep.execute("deallocate early_look")
    deep.execute("reset plan_cache_mode")
    assert_reads(row, 20)


def assert_reads(row: tuple[Any, ...] | None, most: int) -> None:
    assert row is not None
    scans = [node for node in nodes(row[0][0]["Plan"]) if node.get("Relation Name") in TABLES]
    read = sum((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in scans)
    assert read <= most
