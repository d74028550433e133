"""Jobs as an operator uses them: rows that keep their places, one or all cancelled and run again, one job's steps."""

import re
import uuid
from datetime import UTC, datetime
from urllib.parse import urlencode

from gateway.config.settings import Settings
from gateway.jobs.listing import WantedJobs, count_jobs, read_jobs
from gateway.jobs.orders.drive import OrderDriver
from gateway.jobs.orders.store import latest_orders
from tests.gateway.web.console.browser import Browser, console_at

SECRET = "Lives in Lyon"
JOBS = f"""
insert into processing_jobs (id, user_id, status, cancelled, pipeline, reason, current_step, failure_cause, progress,
                             error_message, attempts, created_at, started_at, completed_at, storage_path, request_key)
select lpad(to_hex(n), 32, '0')::uuid, 'u<' || n % 5, case when n % 3 = 0 then 'failed' else 'complete' end, false,
       case when n % 2 = 0 then 'v2' else 'v1' end, 'flag', 'facts', case when n % 3 = 0 then 'dependency:provider' end,
       60, '{SECRET}', 3, now() - n * interval '1 minute', now() - n * interval '1 minute', now(), '{SECRET}', 'k' || n
from generate_series(1, 60) n;
insert into gateway.job_steps (job_id, step, version, payload, seconds, created_at) select lpad('3', 32, '0')::uuid,
       step, 1, '{{"words": "{SECRET}"}}', 5, now() - interval '2 minutes' from unnest(array['export', 'facts']) step;
"""


def ids(text: str) -> list[str]:
    return re.findall(r'<li id="job-([0-9a-f-]+)"', text)


def id_of(n: int) -> str:
    return str(uuid.UUID(int=n))


async def execute(browser: Browser, statement: str) -> None:
    async with browser.gateway.services.database.pool.connection() as connection:
        await connection.execute(statement.encode())


async def counts(browser: Browser) -> dict[str, int]:
    return {one.status: one.jobs for one in await count_jobs(browser.gateway.services.reads, WantedJobs())}


async def test_the_list_its_filters_and_what_is_done_with_one_or_all(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        services = browser.gateway.services
        assert "No job is like that." in (await browser.get("/console/jobs")).text
        await execute(browser, JOBS)
        page = (await browser.get("/console/jobs")).text
        assert ids(page) == [id_of(n) for n in range(1, 41)]
        assert SECRET not in page
        assert "u&lt;1" in page
        (older,) = re.findall(r'href="([^"]+)">Older jobs', page)
        assert ids((await browser.get(older.replace("&amp;", "&"))).text) == [id_of(n) for n in range(41, 61)]
        for fields, expected in (
            ({"status": "failed"}, range(3, 61, 3)), ({"status": "failed", "pipeline": "v2"}, range(6, 61, 6)),
            ({"step": "export"}, ()), ({"user": "u<1", "since": "10m"}, (1, 6)), ({"cause": "input"}, ()),
            ({"user": "u"}, ()),
        ):  # fmt: skip
            found = ids((await browser.get(f"/console/jobs?{urlencode(fields)}")).text)
            assert found == [id_of(n) for n in list(expected)[:40]], fields

        page = (await browser.get("/console/jobs?status=failed")).text
        (path,) = re.findall(r'hx-get="([^"]+)" hx-trigger="changed', page)
        (back,) = set(re.findall(r'name="back" value="([^"]+)"', page))
        shown = ids(page)
        one = {"job": shown[1], "back": back.replace("&amp;", "&")}
        done = await browser.post("/console/jobs/retry", one)
        assert done.status_code == 303
        await execute(browser, "insert into processing_jobs (user_id, status, pipeline) values ('new', 'failed', 'v1')")
        part = (await browser.get(done.headers["location"], **{"HX-Request": "true"})).text
        assert ids(part) == shown, "rows do not move, whatever becomes of them"
        assert "1 new</a>" in part
        assert (await browser.get(path.replace("&amp;", "&"))).text.count("pending") >= 1
        twice = await browser.post("/console/jobs/retry", one)
        assert (twice.status_code, "was not run again" in twice.text, ids(twice.text)) == (409, True, shown)
        assert (await browser.post("/console/jobs/cancel", one)).status_code == 303
        over = await browser.post("/console/jobs/cancel", {"job": id_of(1), "back": "https://elsewhere"})
        assert (over.status_code, "is over already" in over.text) == (409, True)

        asked = (await browser.get("/console/jobs?status=failed&pipeline=v2&all=retry")).text
        assert "9 jobs would begin anew: 9 v1; 9 of them had another version before." in asked
        assert "Retry 9 jobs" in asked
        before = await counts(browser)
        assert (await browser.get("/console/jobs?status=complete&all=retry")).status_code == 200
        wrong = await browser.post("/console/jobs/order", {"kind": "retry", "status": "complete"})
        assert (wrong.status_code, "Nothing was ordered" in wrong.text) == (422, True)
        assert await counts(browser) == before, "asking changes nothing"
        order = {"kind": "retry", "status": "failed", "pipeline": "v2", "since": "24h", "why": "<i>back</i>"}
        assert (await browser.post("/console/jobs/order", order)).status_code == 303
        again = await browser.post("/console/jobs/order", order)
        assert (again.status_code, "under way already" in again.text) == (409, True)
        page = (await browser.get("/console/jobs")).text
        assert "0 of 9 jobs begin anew" in page
        assert "<progress" in page
        assert "&lt;i&gt;back&lt;/i&gt;" in page
        await OrderDriver(services.database.pool, lambda: "v1").look()  # as a worker does, whoever looks
        assert "9 of 9 jobs begin anew" in (await browser.get("/console/jobs")).text
        (kept,) = await latest_orders(services.reads)
        assert (kept.actor, kept.via, kept.done) == ("op-1", "console", 9)
        await browser.post("/console/jobs/order", {"kind": "cancel", "status": "pending"})
        (newest, _) = await latest_orders(services.reads)
        await browser.post("/console/jobs/stop", {"order": str(newest.id)})
        assert (await latest_orders(services.reads))[0].state == "stopped"


async def test_one_job_with_its_steps_and_nobodys_words(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        await execute(browser, JOBS)
        await execute(
            browser, "update processing_jobs set warnings = array['Files that are empty: 1.'] where id::text like '%03'"
        )
        page = await browser.get(f"/console/jobs/{id_of(3)}")
        assert page.status_code == 200
        for told in (
            "v1",
            "failed",
            "dependency: provider",
            "export",
            "facts",
            "<svg",
            "As a table",
            "Retry job",
            "Left out",
            "Files that are empty: 1.",
        ):
            assert told in page.text, told
        assert SECRET not in page.text
        assert (await browser.get(f"/console/jobs/{uuid.uuid4()}")).status_code == 404
        assert (await browser.get("/console/jobs/nonsense")).status_code in {404, 422}
        (job,) = await read_jobs(browser.gateway.services.reads, [uuid.UUID(int=3), uuid.uuid4()])
        assert (job.id, job.created_at < datetime.now(UTC)) == (id_of(3), True)
