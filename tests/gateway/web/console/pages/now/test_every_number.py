"""Every number on Now against the database, by statements of the test's own, and against the metrics, while the dial
moves and users arrive."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

import pytest

from gateway.config.settings import Settings
from tests.gateway.rollout.conftest import eventually
from tests.gateway.web.console.browser import Browser, console_at

DIAL = "gateway_flags_dial_percent"
USERS = 60  # who arrive at each dial
RUN_SOME = """
update processing_jobs set
    worker = 'w', started_at = clock_timestamp(),
    status = case when n %% 3 = 0 then 'processing' when n %% 10 = 1 then 'failed' else 'complete' end,
    completed_at = case when n %% 3 > 0 then clock_timestamp() end,
    failure_cause = case when n %% 3 > 0 and n %% 10 = 1 then 'pipeline' end
from (
    select id as job, row_number() over (partition by pipeline order by user_id) as n
    from processing_jobs where user_id like %(users)s
) as own
where id = job and n %% 4 > 0
"""
MEASURED = """
select pipeline, count(distinct user_id) as users from processing_jobs
where reason = 'flag' and created_at >= (
    select max(at) + interval '2 s' from gateway.rollout_changes where before ->> 'dial' <> after ->> 'dial'
)
group by 1
"""


@dataclass(frozen=True, slots=True)
class Printed:
    """A page as a person reads it, by the ids of its parts."""

    html: str

    def part(self, id_: str) -> str:
        """The text of one part, up to the next one with an id."""
        found = re.search(rf'<(\w+)[^>]* id="{id_}"[^>]*>|<(\w+) id="{id_}"[^>]*>', self.html)
        assert found, id_
        rest = self.html[found.end() :]
        end = re.search(r' id="(?:n-|b-|q-|log-)', rest)
        return as_text(rest[: end.start()] if end else rest)

    @property
    def numbers(self) -> tuple[str, str, str]:
        """Asked for, in force, measured: the large figures, or what stands in their place."""
        first, second, third = (
            " ".join(
                re.findall(
                    r'class="num(?: said)?"[^>]*>([^<]*)', self.html.split(f'id="n-{name}"')[1].split("</dd>")[0]
                )
            )
            for name in ("asked", "force", "measured")
        )
        return first, second, third

    def fact(self, name: str) -> str:
        found = re.search(rf'data-fact="{name}">(.*?)</span>(?=<span data-fact|</p>)', self.html, re.DOTALL)
        assert found, name
        return as_text(found[1])


def as_text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


async def printed(browser: Browser) -> Printed:
    answer = await browser.get("/console/now")
    assert answer.status_code == 200
    return Printed(answer.text)


async def metrics(browser: Browser) -> Mapping[str, float]:
    """By name and labels, as /metrics writes them."""
    text = (await browser.get("/metrics")).text
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, value in lines}


async def arrive(browser: Browser, stage: int) -> None:
    """So many users send an import, a few of them without an export that the split could decide on."""
    bodies = [{"user_id": f"user-{stage}-{n}", "storage_path": "bucket/export.json"} for n in range(USERS)]
    bodies += [{"user_id": f"inline-{stage}-{n}"} for n in range(3)]
    answers = await asyncio.gather(*(browser.gateway.post(body) for body in bodies))
    assert {answer.status_code for answer in answers} == {200}


async def settled(browser: Browser) -> None:
    """Two seconds after the last turn of the dial, by the database's clock."""

    async def is_over() -> bool:
        (row,) = await browser.gateway.rows(
            "select coalesce(max(at), now() - interval '1 day') < clock_timestamp() - interval '2.1 s' as over "
            "from gateway.rollout_changes where what in ('rollout', 'override')"
        )
        return bool(row["over"])

    await eventually(is_over)


async def check(browser: Browser, dial: float) -> None:
    """Each number, with whoever else knows it."""
    page, scraped = await printed(browser), await metrics(browser)
    rows = browser.gateway.rows

    (flag,) = await rows(
        "select after ->> 'dial' as dial, actor, id from gateway.rollout_changes order by id desc limit 1"
    )
    asked, force, measured = page.numbers
    assert float(asked) == float(flag["dial"]) == dial
    assert f"by {flag['actor']}" in page.part("n-asked")

    (process,) = await rows("select dials -> 'v2' ->> 'dial' as dial, name from gateway.processes where kind <> 'cli'")
    assert float(force) == float(process["dial"]) == scraped[DIAL] == dial
    assert "In force in 1 of 1" in page.part("n-force")
    assert process["name"] in page.part("n-force")

    users = await rows(MEASURED)
    got = {row["pipeline"]: row["users"] for row in users}
    assert sum(got.values()) == USERS
    assert measured == f"{got.get('v2', 0) / USERS * 100:.1f}".removesuffix(".0")
    assert f"{got.get('v2', 0)} of {USERS} users" in page.part("n-measured")
    assert "Outside the flag: no stored export 3" in page.part("q-sample")
    everybody = await rows("select count(*) as jobs from processing_jobs where reason = 'flag' and pipeline = 'v2'")
    assert scraped['gateway_decisions_total{pipeline="v2",reason="flag"}'] == everybody[0]["jobs"]

    await check_jobs(browser, page, scraped)
    log = await rows("select id, actor, why from gateway.rollout_changes order by id desc limit 4")
    for row in log:
        said = page.part(f"log-{row['id']}")
        assert row["actor"] in said
        assert row["why"] in said
    assert re.findall(r'id="log-(\d+)"', page.html) == [str(row["id"]) for row in log]


async def check_jobs(browser: Browser, page: Printed, scraped: Mapping[str, float]) -> None:
    """What runs, what waits, and how users' first jobs ended."""
    rows = browser.gateway.rows
    opened = await rows("select status, pipeline, count(*) as jobs from processing_jobs group by 1, 2")
    count = {(row["status"], row["pipeline"]): row["jobs"] for row in opened}
    running = {of: jobs for (status, of), jobs in count.items() if status == "processing"}
    assert page.fact("jobs").startswith(f"{sum(running.values())} job")
    for pipeline, jobs in running.items():
        assert scraped[f'gateway_jobs_open{{pipeline="{pipeline}",status="processing"}}'] == jobs
        assert len(running) == 1 or f"{pipeline} {jobs}" in page.fact("jobs")
    waits = sum(jobs for (status, _), jobs in count.items() if status == "pending")
    assert page.fact("queue").startswith(f"{waits} wait")
    assert scraped['gateway_queue_depth{queue="primary"}'] == waits
    (oldest,) = await rows(
        "select extract(epoch from clock_timestamp() - min(created_at))::float8 as age from processing_jobs "
        "where status = 'pending'"
    )
    found = re.search(r"for ([\d.]+) s", page.fact("queue"))
    assert found
    assert abs(float(found[1]) - oldest["age"]) < 10
    assert abs(scraped['gateway_queue_oldest_age_seconds{queue="primary"}'] - oldest["age"]) < 10


async def check_failures(browser: Browser) -> None:
    """The first question's counts: users by their first job that ended, since the dial rose from 0."""
    rows = await browser.gateway.rows(
        "select pipeline, count(*) as users, count(*) filter (where status = 'failed') as failed from ("
        " select distinct on (pipeline, user_id) * from processing_jobs where status in ('complete', 'failed')"
        " order by pipeline, user_id, completed_at) as firsts group by 1"
    )
    of = {row["pipeline"]: (row["failed"], row["users"]) for row in rows}
    page = await printed(browser)
    told = page.part("q-failures")
    for failed, users in of.values():
        assert f"{failed} of {users}" in told, told


async def test_every_number_of_a_rollout_that_moves(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        browser.gateway.services.steering.report.runs_jobs()
        for stage, dial in enumerate((25.0, 50.0)):
            turned = {"share-v2": str(dial), "on": "on", "why": f"stage {stage}: <b>go</b>"}
            assert (await browser.post("/console/now/set", turned)).status_code == 303
            await settled(browser)
            await arrive(browser, stage)
            await run_some(browser, stage)

            async def counted() -> bool:
                page = await printed(browser)
                return (
                    f"of {USERS} users" in page.part("n-measured")
                    and "Outside the flag: no stored export 3" in page.html
                )

            await eventually(counted)
            await check(browser, dial)
        await check_failures(browser)
        assert (await browser.post("/console/off")).status_code == 303
        await eventually(lambda: says_off(browser))


async def says_off(browser: Browser) -> bool:
    page, scraped = await printed(browser), await metrics(browser)
    (last,) = await browser.gateway.rows("select max(last_start_seconds) as seconds from gateway.processes")
    return (
        page.numbers[:2] == ("0", "0")
        and "Everybody gets v1." in as_text(page.html)
        and scraped[DIAL] == 0
        and (last["seconds"] is None) == ("No rollback" in page.fact("last-start"))
    )


async def run_some(browser: Browser, stage: int) -> None:
    """Of each version some jobs run, some ended, one in ten failed."""
    async with browser.gateway.services.database.pool.connection() as connection:
        await connection.execute(RUN_SOME, {"users": f"user-{stage}-%"})


pytestmark = pytest.mark.timeout(400)
