"""A job ends whatever the app's tables accept: its state first, the profile as far as it goes, else it is parked."""

from typing import Any

import pytest
import structlog

from gateway.config.settings import Settings
from pipelines.contract import ExportError
from tests.conftest import settings_for
from tests.gateway.jobs.conftest import Bench, until
from tests.supabase.project import SOULPRINT_USERS, USERS, Project

NEW, OLD = USERS[10], SOULPRINT_USERS[0]
WITHOUT_FAILED = """
alter table user_profiles drop constraint user_profiles_import_status_check;
alter table user_profiles add constraint user_profiles_import_status_check
    check (import_status in ('none', 'quick_ready', 'processing', 'complete', 'locked'))
"""

SLOWLY = """
create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return new; end $$
"""


@pytest.fixture
def settings(supabase: Project, tmp_path: Any) -> Settings:
    return settings_for(supabase.url, data_dir=tmp_path / "data")


def fail(_count: int) -> None:
    raise ExportError("There is no export")


async def no_entries(bench: Bench) -> bool:
    """The queue lets go of a job right after it has ended."""
    return not await bench.rows("select 1 from procrastinate_jobs where task_name = 'run_job'")


async def test_a_drifted_profile_holds_no_end_up(bench: Bench) -> None:
    await bench.execute(WITHOUT_FAILED)
    await bench.execute("alter table user_profiles drop column full_pass_error")
    bench.script.at["one"] = fail
    with structlog.testing.capture_logs() as logs:
        bench.start_worker()
        for user in (NEW, OLD):
            job = await bench.ended((await bench.accept(user)).job_id)
            assert (job["status"], job["error_message"], job["attempts"]) == ("failed", "There is no export", 1)
    for user, status in ((NEW, "none"), (OLD, "complete")):
        profile = await bench.profile(user)
        assert (profile["import_status"], profile["import_error"]) == (status, "There is no export")
        assert (profile["full_pass_status"], profile["memory_status"]) == (
            "failed", "ready" if user == OLD else "none",
        )  # fmt: skip
    refused = {line["what"]: line["refused"] for line in logs if line["event"] == "write_refused"}
    assert refused["profile_status"] == "CheckViolation (user_profiles.user_profiles_import_status_check)"
    assert refused["profile_full_pass_error"] == "UndefinedColumn (user_profiles.full_pass_error)"
    counted = bench.services.metrics.registry.get_sample_value
    assert counted("gateway_writes_refused_total", {"what": "profile_status"}) == 2
    assert not any("Failing row" in str(line) or "old text" in str(line) for line in logs)
    await until(lambda: no_entries(bench))


async def test_a_result_that_a_drifted_profile_refuses_fails_once_and_is_run_again_when_it_is_mended(
    bench: Bench,
) -> None:
    await bench.execute("alter table user_profiles drop column archetype")
    with structlog.testing.capture_logs() as logs:
        bench.start_worker()
        job_id = (await bench.accept(NEW)).job_id
        job = await bench.ended(job_id)
    assert (job["status"], job["error_message"]) == (
        "failed",
        "the database did not take the result; the operators are told",
    )
    assert (await bench.profile(NEW))["import_status"] == "failed"
    assert not any("does not exist" in str(line) for line in logs)
    await bench.execute("alter table user_profiles add column archetype text")
    ran = len(bench.script.calls)
    assert await bench.store.retry(job_id)
    assert (await bench.ended(job_id))["status"] == "complete"
    assert len(bench.script.calls) == ran  # its finished steps were kept


async def test_a_job_whose_own_table_refuses_its_end_is_parked_until_an_operator_has_looked(bench: Bench) -> None:
    await bench.execute(
        "alter table processing_jobs add constraint no_end check (pipeline is null or status <> 'failed')"
    )
    bench.script.at["one"] = fail
    bench.start_worker()
    jobs = [(await bench.accept(user)).job_id for user in USERS[10:13]]

    async def parked() -> bool:
        return len(await bench.rows("select * from gateway.parked_jobs")) == len(jobs)

    await until(parked)
    row = await bench.row("select reason, refused from gateway.parked_jobs where job_id = %s", jobs[0])
    assert row == {"reason": "There is no export", "refused": "CheckViolation (processing_jobs.no_end)"}
    await until(lambda: no_entries(bench))
    assert await bench.lost.sweep(0.0) == 0  # nor does anybody put it back
    assert bench.services.metrics.registry.get_sample_value("gateway_jobs_parked_total") == len(jobs)
    await bench.execute("alter table processing_jobs drop constraint no_end")
    assert await bench.store.request_cancel(jobs[0]) == "cancelled"
    del bench.script.at["one"]
    assert await bench.store.retry(jobs[1])
    assert [(await bench.ended(job))["status"] for job in jobs[:2]] == ["failed", "complete"]
    assert [row["job_id"] for row in await bench.rows("select job_id::text from gateway.parked_jobs")] == [jobs[2]]


async def test_a_limit_on_statements_is_no_outage(bench: Bench) -> None:
    name = (await bench.row("select current_database() as name"))["name"]
    await bench.execute(f"alter role current_user in database {name} set statement_timeout = '400ms'")
    await bench.execute(SLOWLY)
    await bench.execute(
        "create trigger slowly before insert on conversation_chunks for each row execute function slowly()"
    )
    await bench.services.database.pool.drain()
    bench.start_worker()
    job = await bench.ended((await bench.accept(NEW, ["tea"])).job_id)
    assert (job["status"], job["attempts"]) == ("complete", 1)  # publishing takes the time that it needs
    await bench.execute(
        "create trigger slowly before insert on gateway.staged_chunks for each row execute function slowly()"
    )
    job = await bench.ended((await bench.accept(NEW, ["tea"])).job_id)
    assert (job["status"], job["attempts"]) == ("failed", 1)
    assert job["error_message"] == "the database ends statements that take this long (its statement_timeout)"
