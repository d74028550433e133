"""Who, as an operator uses it: a user or a job found exactly, users by version, a name called, data put back."""

import re
import uuid

from gateway.config.settings import Settings
from gateway.restore.store import RestoreStore
from gateway.rollout.history import history
from tests.gateway.web.console.browser import Browser, console_at

JOB = str(uuid.UUID(int=7))
USERS = f"""
insert into processing_jobs (id, user_id, status, pipeline, reason, created_at, storage_path, error_message)
values ('{JOB}', 'ann', 'complete', 'v2', 'flag', now(), 'x', null);
insert into processing_jobs (user_id, status, pipeline, reason, created_at)
select 'u' || lpad(n::text, 3, '0'), case when n % 10 = 0 then 'failed' else 'complete' end, 'v2', 'flag', now()
from generate_series(1, 90) n;
insert into user_profiles (user_id, pipeline, soulprint_generated_at, soulprint_text)
values
('ann', 'v2', now(), 'Lives in Lyon'), ('bob', 'v2', now(), 'x'), ('cy', 'v2', now(), 'x'), ('dee', 'v1', now(), '');
insert into gateway.published_profiles (user_id, pipeline, embedding_status, soulprint_generated_at)
values ('ann', 'v1', '', now()), ('bob', 'v1', '', now());
insert into processing_jobs (user_id, status, pipeline, reason) values ('bob', 'processing', 'v2', 'flag');
"""


async def execute(browser: Browser, statement: str) -> None:
    async with browser.gateway.services.database.pool.connection() as connection:
        await connection.execute(statement.encode())


async def test_a_user_is_explained_and_called_by_name(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        services = browser.gateway.services
        nobody = (await browser.get("/console/who?subject=%3Cnobody%3E")).text
        assert "&lt;nobody&gt;" in nobody
        assert "has never sent an import" in nobody
        await execute(browser, USERS)
        page = (await browser.get("/console/who?subject=ann")).text
        for told in ("The user stands", "bucket", "live: what the user has", "kept", f"/console/jobs/{JOB}"):
            assert told in page, told
        assert "has never sent an import" not in page
        assert "Lives in Lyon" not in page
        assert "has never sent an import" in (await browser.get("/console/who?subject=an")).text, "never by prefix"
        assert f"job {JOB}" in (await browser.get(f"/console/who?subject={JOB}")).text

        (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
        form = {"user_id": "ann", "pipeline": "v2", "seen": seen, "saw": "the dial decides", "why": "ticket <4411>"}
        done = await browser.post("/console/who/force", form)
        assert done.headers["location"] == "/console/who?subject=ann"
        page = (await browser.get("/console/who?subject=ann")).text
        assert "called in by name" in page
        (row,) = await history(services.database.pool, limit=1)
        assert (row.actor, row.via, row.why, row.after["forced_in"]) == ("op-1", "console", "ticket <4411>", ["ann"])
        late = await browser.post("/console/who/force", {**form, "pipeline": "dial"})
        assert late.status_code == 409
        for line in ("Nothing was changed", "You saw", "the dial decides", "ticket &lt;4411&gt;"):
            assert line in late.text, line
        wrong = await browser.post("/console/who/force", {**form, "user_id": "back\\slash", "seen": ""})
        assert (wrong.status_code, "backslash" in wrong.text) == (422, True)
        (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
        assert (await browser.post("/console/who/force", {**form, "pipeline": "dial", "seen": seen})).status_code == 303
        assert (await services.steering.changes.read()).forced_in == ()


async def test_users_of_a_version_page_by_page_and_as_a_file(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        assert "No user came in this time." in (await browser.get("/console/who")).text
        await execute(browser, USERS)
        path, found = "/console/who?version=v2&since=1h", list[str]()
        for _ in range(3):
            page = (await browser.get(path)).text
            found += re.findall(r'<a class="id" href="/console/who\?subject=(\w+)"', page)
            more = re.findall(r'href="([^"]+)">Further users', page)
            path = more[0].replace("&amp;", "&") if more else ""
        assert found == ["ann", "bob", *(f"u{n:03}" for n in range(1, 91))]
        assert path == ""
        assert "92 users" in page
        assert "9 failed" in page
        file = await browser.get("/console/who/users.csv?version=v2&since=1h")
        assert file.headers["content-type"].startswith("text/csv")
        assert "attachment" in file.headers["content-disposition"]
        assert len(file.text.splitlines()) == 93
        assert "neither an age" in (await browser.get("/console/who?since=whenever")).text


async def test_data_is_put_back_with_the_count_that_is_shown_and_no_other(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        services = browser.gateway.services
        await execute(browser, USERS)
        page = (await browser.get("/console/who/restore?from=v2")).text
        for told in (
            "2 users can have their data back.",
            "1 user never had a result",
            "1 job is under way",
            "ann",
            "bob",
        ):
            assert told in page, told
        assert "a job is under way" in page
        assert "dee" not in page
        file = (await browser.get("/console/who/restore.csv?from=v2")).text.splitlines()
        assert [line.split(",")[0] for line in file[1:]] == ["ann", "bob", "cy"]
        store = RestoreStore(services.database.pool)
        for count in ("", "3", "two", "-2"):
            wrong = await browser.post("/console/who/restore", {"from": "v2", "count": count, "why": "<kept>"})
            assert (wrong.status_code, "nothing was done" in wrong.text) == (422, True)
            assert "&lt;kept&gt;" in wrong.text
        assert await store.latest() is None
        done = await browser.post("/console/who/restore", {"from": "v2", "count": "2", "why": "ticket 9"})
        assert done.headers["location"] == "/console/who/restore?from=v2"
        run = await store.latest()
        assert run is not None
        assert (run.target, run.source, run.actor, run.why) == ("v1", "v2", "op-1", "ticket 9")
        assert "under way" in (await browser.get("/console/who/restore?from=v2")).text
