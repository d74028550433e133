"""Data put back in a browser: the list is what is put back, another count does nothing, a job under way is named."""

from playwright.async_api import expect

from gateway.restore.run import Restorer
from gateway.restore.store import RestoreStore
from tests.console.served import Served
from tests.console.tab import Tab

USERS = """
insert into processing_jobs (user_id, status, pipeline, reason, created_at)
select 'r' || n, 'complete', 'v2', 'flag', now() - interval '1 hour' from generate_series(1, 9) n;
insert into processing_jobs (user_id, status, pipeline, reason) values ('r2', 'processing', 'v2', 'flag');
insert into user_profiles (user_id, pipeline, soulprint_generated_at, soulprint_text)
select 'r' || n, 'v1', now() - interval '2 days', 'older words' from generate_series(1, 9) n;
insert into gateway.published_profiles
select published.* from user_profiles p cross join lateral gateway.published_columns(p) published
where p.user_id < 'r8';
update user_profiles set pipeline = 'v2', soulprint_generated_at = now() - interval '1 hour', soulprint_text = 'newer'
where user_id < 'r9'
"""
LIVE = "select user_id, pipeline from user_profiles order by user_id"


async def type_count(tab: Tab, count: str) -> None:
    await tab.page.get_by_label("How many users get their data back?").fill(count)
    await tab.page.get_by_label("Why").last.fill("ticket 4411")
    await tab.page.locator("#restore-form button").click()


async def test_what_is_listed_is_put_back_once_its_count_is_typed(tab: Tab, served: Served) -> None:
    for statement in USERS.split(";"):
        await served.gateway.execute(statement)
    await tab.go("/console/who")
    await tab.page.get_by_role("link", name="Put data of users of v2 back").click()
    lines = tab.page.locator("#b-list li")
    await expect(lines).to_have_count(8)
    listed = {text.split()[0]: text for text in await lines.all_inner_texts()}
    gets = {user for user, text in listed.items() if "gets v1" in text}
    assert sorted(gets) == [f"r{n}" for n in range(1, 8)]
    assert [user for user, text in listed.items() if "a job is under way" in text] == ["r2"]
    assert "keeps it: nothing older is there" in listed["r8"]
    await expect(tab.page.locator("#b-head")).to_contain_text("1 job is under way")

    store, before = RestoreStore(served.gateway.services.database.pool), await served.gateway.rows(LIVE)
    tab.allowed = (422,)
    for wrong in ("8", "", "seven", "77"):
        await type_count(tab, wrong)
        await expect(tab.page.locator("#p-count")).to_contain_text("nothing was done")
        await expect(tab.page.get_by_label("Why").last).to_have_value("ticket 4411")
    assert await store.latest() is None
    assert await served.gateway.rows(LIVE) == before

    await type_count(tab, "7")
    await expect(tab.page.locator("#b-progress")).to_contain_text("under way")
    await Restorer(store, served.gateway.services.metrics.restored_users).look()  # as a worker does
    await expect(tab.page.locator("#b-progress")).to_contain_text("7 have it back, done")
    after = {row["user_id"]: row["pipeline"] for row in await served.gateway.rows(LIVE)}
    was = {row["user_id"]: row["pipeline"] for row in before}
    assert {user for user in after if after[user] != was[user]} == gets
    await expect(tab.page.locator("#b-list")).to_contain_text("r8")
    (row,) = await served.gateway.rows("select actor, why from gateway.restore_runs")
    assert (row["actor"], row["why"]) == ("op-1", "ticket 4411")
