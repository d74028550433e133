"""What is remembered of a user, and comparisons: both sides begin with the same, and nothing is written."""

import pytest

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
