"""A version that fails three jobs in ten: Now names it, the guard's rollback stands with its verdict as it was then.

None of that is said of the version once it is mended and some users have it again.
"""

import re

from playwright.async_api import expect

from flags.control import FlagControl
from flags.model import Rollout
from gateway.rollout.guard.standing import StandingGuard, Watch
from gateway.rollout.history import By
from tests.console.served import Served
from tests.console.tab import Tab

ENDED = """
insert into processing_jobs
    (user_id, status, pipeline, reason, dials, storage_path, created_at, started_at, completed_at, failure_cause)
select 'u' || n, case when failed then 'failed' else 'complete' end, case when is_on then 'v2' else 'v1' end, 'flag',
       jsonb_build_array(jsonb_build_array('v2', 25, is_on, bucket, 'g')), 'x', clock_timestamp(), clock_timestamp(),
       clock_timestamp() + interval '1 ms', case when failed then 'pipeline' end
from (
    select n, (n * 7919) % 10000 as bucket, (n * 7919) % 10000 < 2500 as is_on,
           n % 10 < case when (n * 7919) % 10000 < 2500 then 3 else 0 end or n % 50 = 7 as failed
    from generate_series(1, 600) n
) as users
"""


async def turn(served: Served, percent: float, *, on: bool = False) -> None:
    """As somebody else does, so that the history has it."""
    services = served.gateway.services

    async def change(control: FlagControl) -> Rollout:
        if on:
            return await control.turn_on(None, pipeline="v2")
        return await control.set_percent(percent, None, pipeline="v2")

    await services.steering.changes.make(By("op-2", "cli", "to see"), change, about="v2")
    await services.flags.refresh()
    await services.steering.watch.look()


async def test_it_is_named_turned_off_and_later_evidence_changes_nothing_of_the_verdict(
    tab: Tab, served: Served
) -> None:
    services = served.gateway.services
    await turn(served, 25)
    if not services.flags.state().dial:
        await turn(served, 25, on=True)
    await served.gateway.execute(ENDED)
    (rows,) = await served.gateway.rows(
        "select count(*) filter (where pipeline = 'v2') as v2, count(*) filter (where pipeline = 'v1') as v1,"
        " count(*) filter (where pipeline = 'v2' and status = 'failed') as v2_failed,"
        " count(*) filter (where pipeline = 'v1' and status = 'failed') as v1_failed from processing_jobs"
    )
    counts = f"{rows['v2_failed']} of {rows['v2']} users' jobs failed, against {rows['v1_failed']} of {rows['v1']}"
    await tab.go()
    tile = tab.page.locator("#q-failures")
    await expect(tile).to_contain_text(counts)
    await expect(tile.locator("h3")).to_have_text("Does v2 fail more?")
    await expect(tile.locator(".ans")).to_have_text("It seems so")  # the guard has not looked yet

    watch = Watch("guard-1")
    await StandingGuard(
        services.database.pool, services.steering.changes, services.flags.state, services.metrics, watch
    ).look()
    await services.flags.refresh()
    assert services.flags.state().dial == 0
    await expect(tab.page.locator("h1")).to_contain_text("The guard turned v2 off.")  # by itself
    await expect(tile.locator(".ans")).to_have_text("Yes, beyond chance")
    await expect(tile).to_contain_text(counts)

    await tab.go("/console/safe")
    guard = tab.page.locator("#b-guard")
    await expect(guard).to_contain_text("The guard turned v2 off")
    await expect(guard).to_contain_text("Fails more: too much")
    (row,) = await served.gateway.rows(
        "select id from gateway.rollout_changes where actor = 'guard' and what = 'rollout'"
    )
    verdict = await verdict_in_history(tab, row["id"])
    assert f"{rows['v2_failed']} were on v2" in verdict
    await served.gateway.execute("update processing_jobs set status = 'complete', failure_cause = null")
    assert await verdict_in_history(tab, row["id"]) == verdict

    await turn(served, 25, on=True)
    await tab.go()
    headline = tab.page.locator("h1")
    await expect(headline).to_contain_text("questions are open")
    assert not re.search("fails more|turned v2 off", await headline.inner_text())
    await expect(tile.locator(".ans")).to_have_text("Not known yet")


async def verdict_in_history(tab: Tab, row: int) -> str:
    """What the guard's row says of its findings."""
    await tab.go("/console/history")
    await tab.page.locator(f"#d-verdict-{row} summary").click()
    return str(await tab.page.locator(f"#d-verdict-{row} ul").inner_text())
