"""All jobs that match, run again or cancelled: by the server, in batches, whoever dies meanwhile."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.database.departure import forget_user
from gateway.jobs.listing import WantedJobs
from gateway.jobs.orders.drive import RETRY_BATCH, OrderDriver
from gateway.jobs.orders.model import JobOrder, Kind, OrderRefused
from gateway.jobs.orders.preview import preview_order
from gateway.jobs.orders.store import begin_order, latest_orders, read_order, stop_order
from gateway.jobs.run.given_now import GivenNow
from gateway.rollout.history import By
from tests.amount import amount
from tests.gateway.jobs.conftest import Bench, until

ANN = By("ann", "console", "the provider is back")
FAILED = WantedJobs(status="failed")
JOBS = """
insert into processing_jobs (id, user_id, status, cancelled, pipeline, reason, request_key, current_step, failure_cause,
                             error_message, attempts, created_at, completed_at, storage_path)
select lpad(to_hex(n), 32, '0')::uuid, 'u' || n %% 700, 'failed', false, case when n %% 4 = 0 then 'v2' else 'v1' end,
       'flag', 'k' || n, 'facts', 'dependency:provider', 'no answer', 3, now() - n * interval '1 second', now(), 'x'
from generate_series(1, %s) n
"""


async def begin(bench: Bench, kind: Kind, wanted: WantedJobs, expected: int = 1) -> int:
    order = await begin_order(bench.services.database.pool, kind, wanted, ANN, expected=expected)
    assert order is not None
    return order


async def driven(bench: Bench, order: int) -> JobOrder:
    await driver(bench).drive(order)
    found = await read_order(bench.services.database.pool, order)
    assert found is not None
    return found


def driver(bench: Bench) -> OrderDriver:
    return OrderDriver(bench.services.database.pool, lambda: "v1")


async def count(bench: Bench, condition: str) -> int:
    return int((await bench.row(f"select count(*) as jobs from processing_jobs where {condition}"))["jobs"])


async def test_ten_thousand_failed_jobs_begin_anew(bench: Bench) -> None:
    jobs = amount(2000, 10_000)
    await bench.execute(JOBS, jobs)
    bench.flags.dial = 0.0  # rolled back since: what was v2's becomes v1's
    given = GivenNow(bench.flags, bench.services.registry, "finish")
    found = await preview_order(bench.services.database.pool, "retry", FAILED, given)
    assert (found.jobs, found.more, found.by_pipeline, found.moved) == (jobs, False, {"v1": jobs}, jobs // 4)
    assert (
        found.line == f"{jobs:,} jobs would begin anew: {jobs:,} v1; {jobs // 4:,} of them had another version before."
    )
    order = await begin(bench, "retry", FAILED, jobs)
    assert await begin_order(bench.services.database.pool, "retry", FAILED, ANN, expected=1) is None, "not twice"
    seen: list[JobOrder] = []
    await driver(bench).drive(order, seen.append)
    assert [one.looked_at for one in seen[:3]] == [0, RETRY_BATCH, 2 * RETRY_BATCH]
    last = seen[-1]
    assert (last.state, last.done, last.left_out) == ("done", jobs, 0)
    assert last.line == f"{jobs:,} of {jobs:,} jobs begin anew"
    assert await count(bench, "status = 'pending' and attempts = 0 and error_message is null") == jobs
    entries = await bench.rows(
        "select q.queue_name, count(*) as entries from procrastinate_jobs q join processing_jobs j"
        " on q.args ->> 'job_id' = j.id::text and q.lock = j.user_id where q.status = 'todo' group by 1 order by 1"
    )
    assert [(one["queue_name"], one["entries"]) for one in entries] == [
        ("candidate", jobs // 4), ("primary", jobs - jobs // 4)
    ]  # fmt: skip


async def test_an_order_goes_on_where_its_process_died_and_looks_at_no_job_twice(bench: Bench) -> None:
    await bench.execute(JOBS, 2 * RETRY_BATCH + 10)
    order = await begin(bench, "retry", FAILED)
    assert await driver(bench)._batch(order), "one batch, and its process is gone"
    await bench.execute("update processing_jobs set status = 'failed' where status = 'pending'")  # they fail again
    await bench.execute(
        "insert into processing_jobs (user_id, status, pipeline, reason) values ('late', 'failed', 'v1', 'flag')"
    )
    others = [asyncio.create_task(driver(bench).look()) for _ in range(3)]
    await asyncio.gather(*others)
    (found,) = await latest_orders(bench.services.database.pool)
    assert (found.state, found.looked_at, found.done) == ("done", 2 * RETRY_BATCH + 10, 2 * RETRY_BATCH + 10)
    assert await count(bench, "status = 'failed'") == RETRY_BATCH + 1, "those of the first batch, and the late one"


async def test_an_order_ends_where_it_was_told_to(bench: Bench) -> None:
    """Of `yesterday`, say: what came since stays as it is, in the preview, too, and in a later order of the same."""
    await bench.execute(JOBS, 100)  # one a second, the newest first
    now = datetime.now(UTC)
    wanted = WantedJobs(status="failed", since=now - timedelta(seconds=90), until=now - timedelta(seconds=50))
    preview = await preview_order(
        bench.services.database.pool, "retry", wanted, GivenNow(bench.flags, bench.services.registry, "finish")
    )
    done = await driven(bench, await begin(bench, "retry", wanted, preview.jobs))
    assert 35 <= done.done == preview.jobs <= 41
    assert done.wanted["until"] is not None
    assert await count(bench, "status = 'failed'") == 100 - done.done
    assert await count(bench, "status = 'pending' and created_at >= now() - interval '45 seconds'") == 0


async def test_what_cannot_begin_anew_is_left_as_it_was_and_counted(bench: Bench) -> None:
    rows = (
        ("same request twice", "failed", False, "v1", "k1"), ("same request twice", "failed", False, "v1", "k1"),
        ("runs again", "failed", False, "v1", "k2"), ("runs again", "processing", False, "v1", "k2"),
        ("another program's", "failed", False, None, None), ("cancelled", "failed", True, "v1", "k3"),
        ("no key", "failed", False, "v1", None), ("no key", "failed", False, "v1", None),
    )  # fmt: skip
    for row in rows:
        await bench.execute(
            "insert into processing_jobs (user_id, status, cancelled, pipeline, reason, request_key)"
            " values (%s, %s, %s, %s, 'flag', %s)", *row
        )  # fmt: skip
    done = await driven(bench, await begin(bench, "retry", FAILED, 5))
    assert (done.looked_at, done.done, done.left_out) == (5, 3, 2)
    assert "2 left as they were" in done.line
    done = await driven(bench, await begin(bench, "retry", WantedJobs(status="cancelled")))
    assert (done.looked_at, done.done) == (1, 1)
    for kind, status in (("retry", "complete"), ("retry", None), ("cancel", "failed"), ("retry", "processing")):
        with pytest.raises(OrderRefused):
            await begin(bench, kind, WantedJobs(status=status))  # type: ignore[arg-type]


async def test_each_filter_narrows_an_order_as_it_narrows_the_list(bench: Bench) -> None:
    await bench.execute(JOBS, 40)
    await bench.execute("update processing_jobs set current_step = 'export' where user_id = 'u7'")
    given = GivenNow(bench.flags, bench.services.registry, "finish")
    ago = datetime.now(UTC) - timedelta(seconds=10.5)
    cases: tuple[tuple[dict[str, Any], int], ...] = (
        ({"pipeline": "v2"}, 10), ({"user": "u7"}, 1), ({"step": "export"}, 1), ({"since": ago}, 10),
        ({"cause": "dependency"}, 40), ({"cause": "input"}, 0),
    )  # fmt: skip
    for fields, expected in cases:
        found = await preview_order(bench.services.database.pool, "retry", WantedJobs("failed", **fields), given)
        assert found.jobs == expected, fields
    done = await driven(bench, await begin(bench, "retry", WantedJobs("failed", since=ago), 10))
    assert (done.done, done.expected) == (10, 10)
    of_one = await driven(bench, await begin(bench, "retry", WantedJobs("failed", user="u20")))
    assert of_one.done == 1
    await forget_user(bench.services.database.pool, "u20")
    assert [one.id for one in await latest_orders(bench.services.database.pool)] == [done.id], "it named a user"


async def test_a_worker_carries_orders_out_and_one_can_be_stopped(bench: Bench) -> None:
    await bench.execute(JOBS, 3)
    stopped = await begin(bench, "retry", WantedJobs("failed", pipeline="v1"))
    assert await stop_order(bench.services.database.pool, stopped)
    assert not await stop_order(bench.services.database.pool, stopped)
    assert (await driven(bench, stopped)).looked_at == 0
    await bench.execute("update processing_jobs set status = 'pending'")
    order = await begin(bench, "cancel", WantedJobs("pending"), 3)
    bench.start_worker()

    async def over() -> JobOrder | None:
        found = await read_order(bench.services.database.pool, order)
        return found if found is not None and found.state == "done" else None

    found: JobOrder = await until(over)
    assert found.done == await count(bench, "cancelled and failure_cause = 'operator'") == 3
