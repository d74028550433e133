"""Queue entries that were moved between queues by hand: each job still runs once, in the slots of its own version."""

import pytest

from gateway.jobs.queue.names import CANDIDATE, PRIMARY
from tests.gateway.jobs.conftest import Bench


@pytest.mark.parametrize("to", [PRIMARY, CANDIDATE])
async def test_an_entry_in_the_other_queue_does_no_harm(bench: Bench, to: str) -> None:
    """As the instructions for going back a release have it: a newer release finds them anywhere."""
    jobs = [(await bench.accept(pipeline=pipeline)).job_id for pipeline in ("v1", "v2")]
    async with bench.services.database.pool.connection() as connection:
        await connection.execute("update procrastinate_jobs set queue_name = %s", [to])
    bench.start_worker()
    ended = [await bench.ended(job_id) for job_id in jobs]
    assert [(job["status"], job["pipeline"], job["attempts"]) for job in ended] == [
        ("complete", "v1", 1),
        ("complete", "v2", 1),
    ]
