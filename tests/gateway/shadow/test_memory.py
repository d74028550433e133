"""What is remembered of a user, and comparisons: both sides begin with the same, and nothing is written."""

from datetime import UTC, datetime

import pytest

from pipelines.facts import Fact, Memory, Remembered
from pipelines.memory.identity import key_of
from tests.gateway.jobs.scripted import soulprint_of
from tests.gateway.jobs.test_claims import claim, request_for
from tests.gateway.shadow import guests
from tests.gateway.shadow.conftest import OpenBench

pytestmark = pytest.mark.slow


async def test_both_sides_begin_with_what_the_primary_run_knew_and_nothing_is_written(open_bench: OpenBench) -> None:
    async with open_bench(v1=guests.remembering, v2=guests.remembering) as bench:
        bench.start()
        await bench.ended((await bench.accept(words=["tea", "jazz"])).job_id)
        job = (await bench.accept(words=["tea", "chess"], shadow="other")).job_id
        assert (await bench.shadow(job))["outcome"] == "compared"
        pair = await bench.comparison(job)
        assert (pair["class"], pair["harms"], pair["gains"]) == ("same", [], [])
        assert (await bench.profile())["memory_md"] == "2 facts were known"
        (row,) = await bench.rows("select pipeline, job_id::text, memory from gateway.memories")
        assert (row["pipeline"], row["job_id"], len(row["memory"]["facts"])) == ("v1", job, 3)


async def test_what_the_run_knew_is_kept_and_not_what_is_known_when_it_ends_nor_what_was_forgotten_meanwhile(
    open_bench: OpenBench,
) -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    tea, jazz = (Remembered(Fact("interest", name, name, "c", "m"), at, "job", at, "job") for name in ("tea", "jazz"))
    async with open_bench(shadow_concurrency=0) as bench:
        job = (await bench.accept("ann", ["tea"], pipeline="v1", shadow="other")).job_id
        taken = await claim(bench, job, "worker")
        await bench.execute(
            "insert into gateway.forgotten_facts (user_id, key) values ('ann', %s)", key_of(jazz.fact.value)
        )
        result = soulprint_of(request_for(taken), ["tea"])
        await bench.store.finish(taken, result, Memory((tea, jazz)), embedded=True, callback=False)
        (row,) = await bench.rows("select primary_run -> 'known' as known from gateway.shadow_runs")
        assert [fact["fact"]["value"] for fact in row["known"]["facts"]] == ["tea"]
