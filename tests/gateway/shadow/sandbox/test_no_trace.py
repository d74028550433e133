"""What users can see is the same to the byte with no comparison at all and with one for every job, however bad."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from pipelines.contract import Pipeline
from pipelines.registry import find_pipelines
from tests.gateway.jobs.conftest import until
from tests.gateway.shadow import guests
from tests.gateway.shadow.conftest import OpenBench, ShadowBench

pytestmark = pytest.mark.slow
ACCEPTED = datetime(2026, 5, 1, 12, tzinfo=UTC)
TABLES = {
    "processing_jobs": {
        "id", "updated_at", "started_at", "completed_at", "worker", "shadow", "request_key", "fence",
    },
    "user_profiles": {
        "processing_started_at", "full_pass_started_at", "full_pass_completed_at", "soulprint_generated_at",
        "result_job_id", "chunks_job_id",
    },
    "conversation_chunks": {"id"},
    "gateway.outbox": {"id", "job_id", "created_at"},
    "gateway.job_inputs": {"job_id"},
    "gateway.staged_chunks": {"job_id"},
}  # fmt: skip
PATIENT = 120.0  # seconds: a busy machine is no reason to leave a comparison out
USERS = (("ann", "v1"), ("bob", "v2"), ("cat", "v1"))


async def load(bench: ShadowBench, shadow: str | None, *, real: bool) -> None:
    """The same imports each time; with a shadow, wait for all of them to end."""
    for user, pipeline in USERS:
        path = f"user-imports/{user}/raw-1.json"
        job = (await bench.accept(user, ["tea", "Lisbon"], pipeline=pipeline, shadow=shadow, path=path)).job_id
        if real:
            body = make_export(len(user) + ord(user[0]), 12, ACCEPTED).body
            await asyncio.to_thread((bench.settings.data_dir / "exports" / path).write_bytes, body)
        await bench.execute("update processing_jobs set created_at = %s where id = %s", ACCEPTED, job)
    broken = (await bench.accept("dan", [], shadow=shadow, path="user-imports/dan/raw-1.json")).job_id
    await bench.execute("update processing_jobs set created_at = %s where id = %s", ACCEPTED, broken)
    bench.start()
    await until(lambda: _all_over(bench), 150)


async def snapshot(bench: ShadowBench) -> dict[str, Any]:
    """Every row that a user, or the web back end, can see, and the storage; without ids and times."""
    seen: dict[str, Any] = {}
    for table, aside in TABLES.items():
        rows = await bench.rows(f"select * from {table}")
        seen[table] = sorted(repr({name: row[name] for name in sorted(row) if name not in aside}) for row in rows)
    seen["storage"] = await asyncio.to_thread(_files, bench.settings.data_dir / "exports")
    return seen


async def _all_over(bench: ShadowBench) -> bool:
    return not await bench.rows(
        "select 1 from processing_jobs where status in ('pending', 'processing') "
        "union all select 1 from gateway.shadow_runs where status <> 'done'"
    )


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


Seen = dict[str, Any]


@pytest.fixture(scope="module")
def without() -> dict[str, Seen]:
    """What is seen where nothing is compared, by the pipelines: looked at once, whatever is compared afterwards."""
    return {}


@pytest.mark.parametrize("shadow", ["other", "same"])
async def test_real_pipelines_leave_no_trace(
    open_bench: OpenBench, new_database_url: Any, tmp_path: Path, shadow: str, without: dict[str, Seen]
) -> None:
    usable = find_pipelines().usable
    real = {"v1": usable["v1"], "v2": usable["v2"]}

    async def look(plan: str | None) -> Seen:
        place = {"url": new_database_url(), "data_dir": tmp_path / str(plan)}
        async with open_bench(**real, **place, shadow_wait_seconds=PATIENT) as bench:
            await load(bench, plan, real=True)
            runs = await bench.rows("select outcome from gateway.shadow_runs")
            assert [run["outcome"] for run in runs] == ([] if plan is None else ["compared"] * 4)
            return await snapshot(bench)

    if "real" not in without:
        without["real"] = await look(None)
    assert without["real"]["conversation_chunks"]
    assert await look(shadow) == without["real"]


@pytest.mark.parametrize(
    ("guest", "outcome"),
    [
        (guests.crashing, "crashed"),
        (guests.hanging, "timed_out"),
        (guests.greedy, "out_of_memory"),
        (guests.flooding, "flooded"),
        (guests.breaking, "compared"),
    ],
)
async def test_a_bad_guest_leaves_no_trace(  # noqa: PLR0917 - fixtures
    open_bench: OpenBench,
    new_database_url: Any,
    tmp_path: Path,
    guest: Pipeline,
    outcome: str,
    without: dict[str, Seen],
) -> None:
    async def look(plan: str | None) -> Seen:
        changes = {"shadow_timeout_seconds": 3.0} if guest is guests.hanging else {}
        async with open_bench(
            v2=guests.good, v3=guest, candidate_pipeline="v3", url=new_database_url(),
            data_dir=tmp_path / str(plan), shadow_concurrency=2, shadow_wait_seconds=PATIENT, **changes,
        ) as bench:  # fmt: skip
            await load(bench, plan, real=False)
            ended = [run["outcome"] for run in await bench.rows("select outcome from gateway.shadow_runs")]
            assert plan is None or ended.count(outcome) >= 2
            assert await asyncio.to_thread(_left_over, bench.settings.data_dir / "work") == []
            return await snapshot(bench)

    if "guests" not in without:
        without["guests"] = await look(None)
    assert without["guests"]["user_profiles"]
    assert await look("other") == without["guests"]


async def test_a_shadow_holds_no_way_out(open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """No address, key or token in its environment, no open connection, and an export that it can read only."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret")
    monkeypatch.setenv("SUPABASE_SERVICE_KEY", "secret")
    async with open_bench(v2=guests.scribbling) as bench:
        job = (await bench.accept(words=["tea", "Lisbon"], shadow="other")).job_id
        bench.start()
        assert (await bench.shadow(job))["outcome"] == "compared"
        assert (await bench.comparison(job))["detail"]["facts"]["samples_only_other"] == []
        assert (await bench.comparison(job))["class"] == "same"


def _left_over(folder: Path) -> list[str]:
    return [str(path) for path in folder.glob("*/shadow-*")]
