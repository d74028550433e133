"""The five questions of who leads a product, over a rollout in its middle; `make pictures` asks them of a real one."""

import httpx

from tests.console import five
from tests.console.planted import plant
from tests.console.served import TOKEN, Served
from tests.console.tab import Tab

PROFILES = "insert into user_profiles (user_id) select distinct user_id from processing_jobs"
USERS = "select count(distinct user_id) as users from processing_jobs where pipeline = 'v2'"


async def test_each_is_answered_on_the_first_screen_of_its_page(tab: Tab, served: Served) -> None:
    await plant(served, users=900, pairs=200)
    async with served.gateway.services.database.pool.connection() as connection:
        await connection.execute(PROFILES)
    operator = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=served.url, headers=operator, timeout=180) as client:
        changed = await client.put("/admin/rollout", json={"percent": 20, "why": "fewer, until Monday"})
        changed.raise_for_status()
    await served.gateway.services.flags.refresh()
    (found,) = await served.gateway.rows(USERS)
    seen = ("Not seen so far|No", "No|Not|By", "Not seen so far|No", "known|Yes")
    known = five.Known("operator", "fewer, until Monday", "v2", int(found["users"]), seen)
    for question in (
        five.who_changed_the_dial,
        five.who_got_the_version,
        five.is_it_better,
        five.what_would_it_do,
        five.roll_back_now,
    ):
        await question(tab.page, served.url, known)
    assert (await served.gateway.services.flags.refresh()).dial == 0
