"""A shadow's life: planned with the job, run beside it, compared, counted, whatever it does."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gateway.database.departure import forget_user
from gateway.shadow.report.queries import read_report
from pipelines.contract import Pipeline
from pipelines.registry import Registry
from tests.amount import amount
from tests.gateway.jobs.conftest import until
from tests.gateway.shadow import guests
from tests.gateway.shadow.conftest import OpenBench

pytestmark = pytest.mark.slow
WORDS = ["tea", "Lisbon", "chess", "jazz"]


@pytest.mark.parametrize(
    ("primary", "shadow", "mode", "one", "other", "side"),
    [
        ("v1", "other", "shadow", "v1", "v2", "one"),
        ("v2", "other", "shadow", "v1", "v2", "other"),
        ("v1", "same", "noise", "v1", "v1", "one"),
        ("v2", "same", "noise", "v2", "v2", "one"),
    ],
)
async def test_a_planned_shadow_is_compared(  # noqa: PLR0917
    open_bench: OpenBench, primary: str, shadow: str, mode: str, one: str, other: str, side: str
) -> None:
    async with open_bench() as bench:
        job = (await bench.accept(words=WORDS, pipeline=primary, shadow=shadow)).job_id
        bench.start()
        run, pair = await bench.shadow(job), await bench.comparison(job)
        assert (run["outcome"], run["mode"], run["shadow_pipeline"]) == (
            "compared",
            mode,
            other if side == "one" else one,
        )
        assert (pair["one"], pair["other"], pair["primary_side"], pair["class"]) == (one, other, side, "same")
        assert (pair["harms"], pair["gains"], pair["conversations"]) == ([], [], len(WORDS))
        assert pair["score"] == 1
        assert run["primary_run"] is None
        assert run["seconds"] > 0
        assert run["cpu_seconds"] > 0
        assert await bench.counted("gateway_shadow_outcomes_total", mode=mode, outcome="compared")
        assert await bench.counted("gateway_shadow_comparisons_total", mode=mode, **{"class": "same"}) == 1
        assert await bench.rows("select * from gateway.job_steps where step like 'shadow%%'") == []


async def test_a_difference_is_found_whichever_side_is_primary(open_bench: OpenBench) -> None:
    async with open_bench(v2=guests.forgetful) as bench:
        ann = (await bench.accept("ann", WORDS, pipeline="v1", shadow="other")).job_id
        bob = (await bench.accept("bob", WORDS, pipeline="v2", shadow="other")).job_id
        bench.start()
        for job in (ann, bob):
            await bench.shadow(job)
            pair = await bench.comparison(job)
            assert (pair["class"], pair["verdicts"]["facts"]) == ("worse_covered", "worse")
            assert pair["verdicts"]["writes.conversation_chunks.rows"] == "different"
            assert "facts: only one has interest" in pair["kinds"]
            assert pair["harms"] == ["lost"]


async def test_v3_is_compared_with_v2_in_both_directions(open_bench: OpenBench) -> None:
    """Pairs through real processes: half of the users of v2, half of v3, who would have v2 without it."""
    each = amount(4, 10)
    async with open_bench(v3=guests.forgetful) as bench:
        jobs = [
            (await bench.accept(f"{version}-{n}", WORDS, pipeline=version, shadow="other")).job_id
            for version in ("v2", "v3")
            for n in range(each)
        ]
        for job in jobs:
            await bench.runner().run(job)
        bench.start()
        for job in jobs:
            assert (await bench.shadow(job))["outcome"] == "compared"
        pairs = await bench.rows(
            "select one, other, primary_side, class, count(*) from gateway.comparisons group by 1, 2, 3, 4"
        )
        assert [(*pair.values(),) for pair in sorted(pairs, key=lambda pair: pair["primary_side"])] == [
            ("v2", "v3", "one", "worse_covered", each),
            ("v2", "v3", "other", "worse_covered", each),
        ]
        report = await read_report(bench.services.database.pool)
        assert report.answer.startswith("v3 against v2: 100.0% (")
        assert report.overall.rate.pairs == 2 * each


async def test_a_version_that_is_asked_for_by_name_is_compared_with(open_bench: OpenBench) -> None:
    async with open_bench(v3=guests.good, shadow_against="v1") as bench:
        jobs = {
            version: (await bench.accept(f"user-{version}", WORDS, pipeline=version, shadow="other")).job_id
            for version in ("v1", "v2", "v3")
        }
        bench.start()
        found = {}
        for version, job in jobs.items():
            await bench.shadow(job)
            pair = await bench.comparison(job)
            found[version] = pair["one"], pair["other"]
        assert found == {"v1": ("v1", "v3"), "v2": ("v1", "v2"), "v3": ("v1", "v3")}


async def test_a_plan_of_a_version_that_is_gone_is_compared_or_says_why_not(open_bench: OpenBench) -> None:
    async with open_bench(v3=guests.good) as bench:
        ann = (await bench.accept("ann", WORDS, pipeline="v1", shadow="other")).job_id
        bob = (await bench.accept("bob", WORDS, pipeline="v1", shadow="same")).job_id
        for job in (ann, bob):
            await bench.runner().run(job)
        without = {name: run for name, run in bench.services.registry.usable.items() if name != "v1"}
        bench.services = replace(bench.services, registry=Registry(without, {}))
        bench.start()
        assert (await bench.shadow(ann))["outcome"] == "compared"
        assert ((await bench.comparison(ann))["one"], (await bench.comparison(ann))["other"]) == ("v1", "v3")
        run = await bench.shadow(bob)
        assert (run["outcome"], run["reason"]) == ("skipped", "there is no pipeline v1")


async def test_what_would_be_deleted_is_compared_with_what_was(open_bench: OpenBench) -> None:
    async with open_bench(v2=guests.forgetful) as bench:
        bench.start()
        first = (await bench.accept(words=[*WORDS, "golf", "soup"])).job_id
        await bench.ended(first)
        second = (await bench.accept(words=WORDS, shadow="other")).job_id
        await bench.shadow(second)
        fields = {field["field"]: field for field in (await bench.comparison(second))["detail"]["fields"]}
        deletes = fields["writes.conversation_chunks.deletes"]
        assert (deletes["one"], deletes["other"], deletes["verdict"]) == ('["c4","c5"]', '["c3","c4","c5"]', "worse")


async def test_a_later_job_of_the_user_does_not_take_the_place_of_the_pair(open_bench: OpenBench) -> None:
    async with open_bench(shadow_concurrency=0) as bench:
        worker = bench.start()
        first = (await bench.accept(words=WORDS, shadow="other")).job_id
        await bench.ended(first)
        await bench.ended((await bench.accept(words=["something", "else"])).job_id)
        await bench.stop_worker(worker)
        bench.services = _with(bench.services, shadow_concurrency=1)
        bench.start()
        assert (await bench.shadow(first))["outcome"] == "compared"
        assert (await bench.comparison(first))["class"] == "same"


@pytest.mark.parametrize(
    ("guest", "outcome", "reason", "changes"),
    [
        (guests.crashing, "crashed", "SIGABRT", {}),
        (guests.hanging, "timed_out", "longer than 2 s", {"shadow_timeout_seconds": 2.0}),
        (guests.greedy, "out_of_memory", "MiB", {}),
        (guests.flooding, "flooded", "chunks", {}),
        (guests.away, "failed", "the service is away", {}),
    ],
)
async def test_a_bad_guest_is_ended_and_counted_with_its_reason(
    open_bench: OpenBench, guest: Pipeline, outcome: str, reason: str, changes: dict[str, Any]
) -> None:
    async with open_bench(v2=guest, **changes) as bench:
        job = (await bench.accept(words=WORDS, shadow="other")).job_id
        bench.start()
        run = await bench.shadow(job)
        assert run["outcome"] == outcome
        assert reason in run["reason"]
        pair = await bench.comparison(job)
        if outcome == "failed":  # a service was away: it says nothing about the version
            assert pair == {}
        else:
            assert (pair["one"], pair["other"], pair["class"], pair["harms"]) == ("v1", "v2", "failed", ["failed"])
            assert await bench.counted("gateway_shadow_harmed_total", mode="shadow", harm="failed") == 1
        assert await bench.counted("gateway_shadow_outcomes_total", mode="shadow", outcome=outcome) == 1
        assert (await bench.job(job))["status"] == "complete"


@pytest.mark.parametrize("guest", [guests.refusing, guests.breaking])
async def test_a_pipeline_that_fails_where_the_other_did_not_is_a_difference(
    open_bench: OpenBench, guest: Pipeline
) -> None:
    async with open_bench(v2=guest) as bench:
        job = (await bench.accept(words=WORDS, shadow="other")).job_id
        bench.start()
        assert (await bench.shadow(job))["outcome"] == "compared"
        assert (await bench.comparison(job))["class"] == "failed"


async def test_a_primary_that_fails_is_compared_too(open_bench: OpenBench) -> None:
    async with open_bench(v1=guests.refusing) as bench:
        ann = (await bench.accept("ann", WORDS, shadow="other")).job_id
        bob = (await bench.accept("bob", WORDS, shadow="same")).job_id
        bench.start()
        await bench.shadow(ann)
        await bench.shadow(bob)
        assert (await bench.comparison(ann))["class"] == "failed"
        assert (await bench.comparison(bob))["class"] == "same"


async def test_what_a_pipeline_prints_is_no_answer(open_bench: OpenBench) -> None:
    async with open_bench(v2=guests.chatty) as bench:
        job = (await bench.accept(words=WORDS, shadow="other")).job_id
        bench.start()
        assert (await bench.shadow(job))["outcome"] == "compared"


async def test_a_shadow_and_what_it_started_end_with_their_worker(open_bench: OpenBench) -> None:
    async with open_bench(v2=guests.waiting) as bench:
        job = (await bench.accept(words=WORDS, shadow="other")).job_id
        worker = bench.start()
        note = await until(lambda: _note(bench))
        await bench.stop_worker(worker)
        for pid in map(int, note.split()):
            await until(partial(_gone, pid))
        row = await bench.row("select status, attempts from gateway.shadow_runs where job_id = %s", job)
        assert row == {"status": "planned", "attempts": 0}
        entry = await bench.row("select status from procrastinate_jobs where queue_name = 'shadow'")
        assert entry == {"status": "todo"}


async def test_a_shadow_whose_worker_died_twice_is_left(open_bench: OpenBench) -> None:
    async with open_bench() as bench:
        job = (await bench.accept(words=WORDS, shadow="other")).job_id
        bench.services.registry.usable  # noqa: B018
        await bench.runner().run(job)
        await bench.execute("update gateway.shadow_runs set status = 'running', attempts = 2")
        bench.start()
        run = await bench.shadow(job)
        assert (run["outcome"], run["reason"]) == ("crashed", "its worker died each time")


async def test_without_an_export_or_after_turning_off_nothing_is_run(open_bench: OpenBench) -> None:
    async with open_bench() as bench:
        jobs = [(await bench.accept(user, WORDS, shadow="other")).job_id for user in ("ann", "bob", "cat")]
        for job in jobs:
            await bench.runner().run(job)
        await bench.execute("update processing_jobs set storage_path = null where user_id = 'ann'")
        bench.services.flags.shadow_percent = 100.0
        bench.start()
        run = await bench.shadow(jobs[0])
        assert run["outcome"] == "skipped"
        assert "no export" in run["reason"]
        assert (await bench.shadow(jobs[1]))["outcome"] == "compared"


async def test_turning_comparisons_off_also_ends_those_that_wait(open_bench: OpenBench) -> None:
    async with open_bench() as bench:
        job = (await bench.accept(words=WORDS, shadow="other")).job_id
        bench.services.flags.shadow_percent = 0.0
        bench.start()
        run = await bench.shadow(job)
        assert (run["outcome"], run["reason"]) == ("skipped", "comparisons were turned off")


async def test_jobs_of_users_come_first(open_bench: OpenBench) -> None:
    async with open_bench() as bench:
        job = (await bench.accept(words=WORDS, shadow="other")).job_id
        await bench.runner().run(job)
        await _let_a_job_wait(bench)
        bench.start()
        run = await bench.shadow(job)
        assert (run["outcome"], run["reason"]) == ("shed", "jobs of users waited")


async def test_a_running_shadow_makes_room(open_bench: OpenBench) -> None:
    async with open_bench(v2=guests.waiting) as bench:
        job = (await bench.accept(words=WORDS, shadow="other")).job_id
        bench.start()
        note = await until(lambda: _note(bench))
        await _let_a_job_wait(bench)
        assert (await bench.shadow(job))["outcome"] == "shed"
        for pid in map(int, note.split()):
            await until(partial(_gone, pid))


async def test_removing_a_user_takes_comparisons_and_shadows(open_bench: OpenBench) -> None:
    async with open_bench() as bench:
        job = (await bench.accept(words=WORDS, shadow="other")).job_id
        worker = bench.start()
        await bench.shadow(job)
        await bench.stop_worker(worker)
        removed = await forget_user(bench.services.database.pool, "ann")
        assert (removed["gateway.comparisons"], removed["gateway.shadow_runs"]) == (1, 1)


async def test_a_user_who_was_removed_meanwhile_leaves_nothing(open_bench: OpenBench) -> None:
    async with open_bench(v2=guests.hanging, shadow_timeout_seconds=4.0) as bench:
        await bench.accept(words=WORDS, shadow="other")
        bench.start()
        await until(lambda: _note(bench))
        await forget_user(bench.services.database.pool, "ann")

        async def ended() -> bool:
            return not await bench.rows("select 1 from procrastinate_jobs where queue_name = 'shadow'")

        await until(ended)
        assert await bench.rows("select 1 from gateway.shadow_runs") == []
        assert await bench.rows("select 1 from gateway.comparisons") == []


async def _let_a_job_wait(bench: Any) -> None:
    """A job that nobody takes: it has no entry in the queue."""
    await bench.execute(
        "insert into processing_jobs (user_id, status, pipeline, created_at, updated_at) "
        "values ('zoe', 'pending', 'v1', now() - interval '1 minute', now() + interval '1 hour')"
    )


async def _note(bench: Any) -> str:
    for note in (bench.settings.data_dir / "work").glob("*/shadow-*/note"):
        return await asyncio.to_thread(note.read_text)
    return ""


async def _gone(pid: int) -> bool:
    """Is the process over? One that nobody has waited for yet still has an entry."""
    try:
        stat = await asyncio.to_thread(Path(f"/proc/{pid}/stat").read_text)
    except OSError:
        return True
    return stat.rsplit(")", 1)[1].split()[0] == "Z"


def _with(services: Any, **changes: Any) -> Any:
    return replace(services, settings=services.settings.model_copy(update=changes))
