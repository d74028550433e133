"""The candidate's own noise while it serves nobody: run twice beside users of another version."""

import pytest

from gateway.shadow.report.queries import read_pair, read_report
from gateway.shadow.report.statistics import Share
from gateway.statistics.confidence import Rate
from tests.gateway.shadow import guests
from tests.gateway.shadow.conftest import OpenBench

pytestmark = pytest.mark.slow
WORDS = ["tea", "Lisbon", "chess", "jazz"]


async def test_a_candidate_that_serves_nobody_yet_is_compared_with_itself_beside_a_user_of_the_base(
    open_bench: OpenBench,
) -> None:
    async with open_bench(v2=guests.forgetful) as bench:
        bench.flags.dial = 0.0
        job = (await bench.accept("ann", WORDS, pipeline="v1", shadow="same")).job_id
        bench.start()
        run, pair = await bench.shadow(job), await bench.comparison(job)
        assert (run["outcome"], run["mode"], run["primary_pipeline"], run["shadow_pipeline"]) == (
            "compared", "noise", "v1", "v2",
        )  # fmt: skip
        assert (pair["one"], pair["other"], pair["class"], pair["harms"]) == ("v2", "v2", "same", [])
        assert pair["detail"]["facts"]["both"] == len(WORDS) - 1
        shown = await read_pair(bench.services.database.pool, job)
        assert shown is not None
        assert (shown.served, shown.one) == ("v1", "v2")


async def test_a_candidate_that_hangs_beside_itself_is_missing_there_and_excuses_nothing(open_bench: OpenBench) -> None:
    async with open_bench(v2=guests.hanging, shadow_timeout_seconds=1.5, shadow_wait_seconds=120.0) as bench:
        bench.flags.dial = 0.0
        jobs = [(await bench.accept("ann", WORDS, pipeline="v1", shadow=shadow)).job_id for shadow in ("same", "other")]
        bench.start()
        assert [(await bench.shadow(job))["outcome"] for job in jobs] == ["timed_out", "timed_out"]
        harm = (await read_report(bench.services.database.pool)).harm
        assert (harm.itself["v2"].users, harm.harmed.users) == (Share(Rate(0, 0), missing=1), Share(Rate(1, 1)))
