"""With a million finished jobs in the table, no statement of a job's life reads the table: all use an index."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

import gateway.jobs
import gateway.rollout
import gateway.web.routes
from gateway.database.pool import load_sql
from gateway.jobs.accept.rows import Row, Terms, parameters
from gateway.jobs.accept.store import statements

JOBS = Path(gateway.jobs.__path__[0])
ROLLOUT = Path(gateway.rollout.__path__[0])
ROUTES = Path(gateway.web.routes.__path__[0])
FINISHED = 1_000_000
ID = str(uuid.uuid4())
ROW = Row(ID, "u7", "a/b.json", 1, 2, "k", False, None, Terms("v1", "primary", "flag", 0.0, "r", False, None))

VALUES: dict[str, Any] = {
    "id": ID, "fence": 3, "user": "u7", "worker": "w", "limit": 3, "pipeline": "v1", "reason": "r", "step": "s",
    "percent": 5, "ids": [ID], "fences": [3], "seconds": 20.0, "task": "run_job", "start": 0, "version": 1,
    "payload": "{}", "body": None, "first": True, "days": 30, "batch": 1000, "jobs": [ID], "cause": "pipeline",
    "warnings": [],
    "after": ID, "page": 2000, "pending": ID, "pending_at": "-infinity", "processing": ID, "processing_at": "-infinity",
} | parameters([ROW])  # fmt: skip

HOT = {
    JOBS / "store.sql": (
        "load", "claim", "progress", "close_complete", "close_failed", "close_cancelled", "hand_back",
        "wait_for_retry", "request_cancel", "watch", "load_all", "last_error",
    ),
    JOBS / "queue" / "lost.sql": ("open_jobs",),
    JOBS / "publish.sql": ("who_runs_it",),
    JOBS / "run" / "ports.sql": ("hold", "save_step"),
    JOBS / "accept" / "store.sql": ("accept", "accept_new", "find_under_way", "count_waiting"),
    ROUTES / "jobs.sql": ("show_job",),
    JOBS / "listing.sql": ("named", "place"),
    ROLLOUT / "explain.sql": ("last_job", "job"),
    JOBS / "reopening.sql": ("reopen",),
}  # fmt: skip
STATEMENTS = [(path, name) for path, names in HOT.items() for name in names]


@pytest.fixture(scope="module")
def full(new_database_url: Any) -> Iterator[psycopg.Connection[Any]]:
    """A database with a million finished jobs and a few open ones."""
    with psycopg.connect(new_database_url(), autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        indexes = connection.execute(
            "select indexname, indexdef from pg_indexes "
            "where tablename = 'processing_jobs' and indexname <> 'processing_jobs_pkey'"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"drop index {name}")
        connection.execute(
            "insert into processing_jobs "
            "(id, user_id, status, pipeline, reason, request_key, created_at, completed_at) "
            "select lpad(to_hex(n), 32, '0')::uuid, 'u' || n %% 100000, 'complete', 'v1', 'flag', 'k' || n, "
            "now() - n * interval '1 second', now() from generate_series(1, %s) n",
            (FINISHED,),
        )
        connection.execute(
            "insert into processing_jobs (user_id, status, pipeline, reason, request_key) "
            "select 'open' || n, 'pending', 'v1', 'flag', 'k' from generate_series(1, 100) n"
        )
        for _, definition in indexes:
            connection.execute(definition)
        connection.execute("analyze processing_jobs")
        yield connection


@pytest.mark.parametrize(("path", "name"), STATEMENTS, ids=[name for _, name in STATEMENTS])
def test_the_statement_uses_an_index(full: psycopg.Connection[Any], path: Path, name: str) -> None:
    statement = ({**load_sql(path), **statements("text")})[name].rstrip(";")
    row = full.execute(f"explain (format json) {statement}", VALUES).fetchone()
    assert row is not None
    scans = [node for node in nodes(row[0][0]["Plan"]) if node.get("Relation Name") == "processing_jobs"]
    read_whole = [node["Node Type"] for node in scans if node["Node Type"] == "Seq Scan"]
    assert not read_whole
    rows_expected = max((node["Plan Rows"] for node in scans), default=0)
    assert rows_expected < FINISHED / 100


EVERYTHING: dict[str, Any] = {
    "status": None, "cancelled": False, "pipeline": None, "cause": None, "since": None, "until": None,
    "step": None, "user": None,
    "after_at": None, "after": None, "limit": 50,
}  # fmt: skip
LISTED: dict[str, dict[str, Any]] = {
    "everything": {},
    "of a version without jobs": {"pipeline": "v3"},
    "of a version": {"pipeline": "v1"},
    "failed": {"status": "failed"},
    "cancelled": {"status": "failed", "cancelled": True},
    "pending": {"status": "pending"},
    "of a user": {"user": "u7"},
    "since": {"since": "2999-01-01"},
    "another page": {"after_at": "2020-01-01", "after": ID},
    "another page of a version": {"pipeline": "v1", "after_at": "2020-01-01", "after": ID},
}


@pytest.mark.parametrize("asked", LISTED.values(), ids=LISTED.keys())
def test_a_list_of_jobs_uses_an_index_whatever_is_asked_for(
    full: psycopg.Connection[Any], asked: dict[str, Any]
) -> None:
    statement = load_sql(JOBS / "listing.sql")["listed"].rstrip(";")
    row = full.execute(f"explain (analyze, format json) {statement}", EVERYTHING | asked).fetchone()
    assert row is not None
    scans = [node for node in nodes(row[0][0]["Plan"]) if node.get("Relation Name") == "processing_jobs"]
    assert "Seq Scan" not in [node["Node Type"] for node in scans]
    assert sum(node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in scans) <= 200


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)
