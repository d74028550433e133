""" "Is it safe?" and "Compare" as a browser without scripting gets them, over planted users and pairs."""

import asyncio
import re

from structlog.testing import capture_logs

from gateway.config.settings import Settings
from gateway.rollout.history import By
from tests.gateway.web.console.browser import Browser, console_at
from tests.gateway.web.console.planted import SCRIPT, WORST, plant

WORDS = ("Zebulon", "Lyon", "Sister Mia", "jazz", "chess", "Atlantis", "secret-user", SCRIPT)
LIVE = {"HX-Request": "true"}
PACKED = {"Accept-Encoding": "gzip"}
PATHS = tuple(f"/console/{name}" for name in ("now", "safe", "compare", "who?version=v2", "history", "jobs?since=7d"))
# What a visit may carry, compressed: bytes, and requests with the stream of changes.
FIRST_VISIT, LATER_VISIT, FRAGMENT, REQUESTS = 45_000, 15_000, 8_000, 4


async def test_two_pages_over_planted_users_and_pairs(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        await nothing_has_happened(browser)
        await plant(browser)
        await raise_dial(browser)
        await questions_say_what_the_database_holds(browser)
        await what_a_first_visit_and_later_ones_carry(browser)
        await worst_pair_is_first_and_nobody_s_words_are_in_the_list(browser)
        await opening_a_pair_is_logged_and_its_text_stays_text(browser)
        await what_is_locked_is_being_read_and_the_rest_stands(browser)
        await the_share_is_set_by_a_form(browser)


async def read_whole(browser: Browser, path: str, done: str = "") -> str:
    """The page when nothing of it is being read any more, and it says so much."""
    async with asyncio.timeout(180):
        while True:
            page = (await browser.get(path)).text
            if 'aria-busy="true"' not in page and done in page:
                return page
            await asyncio.sleep(0.2)


async def nothing_has_happened(browser: Browser) -> None:
    page = await read_whole(browser, "/console/safe")
    assert "No user&#39;s job has ended on v2 since" in page
    assert "Cannot be known at 0" in page
    assert "The guard has not looked at v2 yet." in page
    assert "Nothing is compared: the share is 0" in await read_whole(browser, "/console/compare?since=6d")


async def raise_dial(browser: Browser) -> None:
    services = browser.gateway.services

    async def work(control: object) -> object:
        await control.set_percent(25.0)  # type: ignore[attr-defined]
        return await control.turn_on()  # type: ignore[attr-defined]

    await services.steering.changes.make(By("op-1", "cli", "planted"), work)  # type: ignore[arg-type]
    async with services.database.pool.connection() as connection:
        await connection.execute("delete from gateway.rollout_changes where why = 'planted'")
    await services.flags.refresh()


async def questions_say_what_the_database_holds(browser: Browser) -> None:
    page = await read_whole(browser, "/console/safe", "dial 5\N{THIN SPACE}%")  # what was read of nothing passes
    rows = await browser.gateway.rows(
        "select pipeline, count(distinct user_id) as users, count(*) filter (where status = 'failed') as failed"
        " from processing_jobs where reason = 'flag' group by 1"
    )
    (v1, v2) = sorted(rows, key=lambda row: row["pipeline"])
    said = f"{v2['failed']:,} of {v2['users']:,} users&#39; jobs failed, against {v1['failed']:,} of {v1['users']:,}"
    assert said in page
    assert page.count('class="draw lines v') == 0
    assert len(re.findall(r'<svg class="draw lines (?:wide|narrow)"', page)) == 8
    assert "25\N{THIN SPACE}% by the dial" in page
    assert "dial 5\N{THIN SPACE}%" in page
    assert "of 40 users whose jobs failed, 5 were on v2" in page  # the guard's own words
    assert "style=" not in page
    part = await browser.get("/console/safe?version=v9", **LIVE)  # unknown: the usual one
    assert "<html" not in part.text
    assert said in part.text


async def what_a_first_visit_and_later_ones_carry(browser: Browser) -> None:
    await read_whole(browser, "/console/now", 'class="draw lines')
    first = await browser.get("/console/now", **PACKED)
    asked = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="(/[^"]*)"|sse:connect="([^"]*)"', first.text)
    files = [one for one, _ in asked if one]
    sizes = {one: (await browser.get(one, **PACKED)).num_bytes_downloaded for one in files}
    assert 1 + len(asked) == REQUESTS, asked
    assert first.num_bytes_downloaded + sum(sizes.values()) <= FIRST_VISIT, (first.num_bytes_downloaded, sizes)
    for path in PATHS:
        later = await browser.get(path, **PACKED)
        part = await browser.get(path, **PACKED, **LIVE)
        assert (path, later.num_bytes_downloaded) <= (path, LATER_VISIT)
        assert (path, part.num_bytes_downloaded) <= (path, FRAGMENT)


async def worst_pair_is_first_and_nobody_s_words_are_in_the_list(browser: Browser) -> None:
    page = await read_whole(browser, "/console/compare")
    found = re.findall(r'href="/console/compare/([0-9a-f-]{36})"', page)
    assert found[0] == WORST
    assert len(found) == 21
    assert [word for word in WORDS if word in page] == []
    noisy = (await browser.get("/console/compare?since=all&fold=0&order=new&class=equivalent")).text
    assert "is neither an age" in noisy
    kind = await read_whole(browser, "/console/compare?kind=facts%3A+only+one+has+interest")
    assert WORST not in kind
    further = await read_whole(browser, f"/console/compare?after={found[5]}")
    assert re.findall(r'href="/console/compare/([0-9a-f-]{36})\?after', further) == found[6:]


async def opening_a_pair_is_logged_and_its_text_stays_text(browser: Browser) -> None:
    path = f"/console/compare/{WORST}?order=harm"
    with capture_logs() as logs:
        page = await browser.get(path)
        await browser.get(path, **LIVE)
    assert [one for one in logs if one["event"] == "pair_opened"] == [
        {"event": "pair_opened", "log_level": "info", "operator": "op-1", "job_id": WORST}
    ]
    assert [word for word in WORDS if word in str(logs)] == []
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert SCRIPT not in page.text
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page.text
    assert '<del><span class="vh">only v1: </span>jazz</del>' in page.text
    title = re.search("<title>(.*?)</title>", page.text)
    assert title is not None
    assert [word for word in WORDS if word in title[1]] == []
    assert (await browser.get("/console/compare/00000000-0000-4000-8000-000000000abc")).status_code == 404


async def what_is_locked_is_being_read_and_the_rest_stands(browser: Browser) -> None:
    pool = browser.gateway.services.database.pool
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("lock table gateway.comparisons in access exclusive mode")
        page = (await browser.get("/console/compare?since=23h")).text
    assert "What comparisons say: being read" in page
    assert "Share compared" in page
    assert 'action="/console/off"' in page


async def the_share_is_set_by_a_form(browser: Browser) -> None:
    before = browser.gateway.services.flags.state().rollout
    assert before is not None
    fields = {"percent": "500", "why": "to know", "version": before.version, "seen": "0 %"}
    wrong = await browser.post("/console/compare/share", fields)
    assert wrong.status_code == 422
    assert 'value="500"' in wrong.text
    assert 'value="to know"' in wrong.text
    done = await browser.post("/console/compare/share", fields | {"percent": "10"})
    assert (done.status_code, done.headers["location"]) == (303, "/console/compare")
    assert "Share compared: 10" in (await browser.get("/console/compare")).text
    conflict = await browser.post("/console/compare/share", fields | {"percent": "20"})
    assert conflict.status_code == 409
    assert "You saw 0 %." in conflict.text
    assert "10\N{THIN SPACE}% is compared now." in conflict.text
    assert 'value="20"' in conflict.text
    rows = await browser.gateway.rows("select actor, via, why from gateway.rollout_changes order by id desc limit 1")
    assert rows == [{"actor": "op-1", "via": "console", "why": "to know"}]
