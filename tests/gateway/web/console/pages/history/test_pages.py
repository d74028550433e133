"""The history as an operator uses it: filters, reasons typed later, undo and what somebody else did meanwhile."""

import re

from gateway.config.settings import Settings
from gateway.rollout.history import By, history
from tests.gateway.web.console.browser import Browser, console_at


def ids(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'<li id="row-(\d+)"', text)]


async def turn(browser: Browser, percent: float, who: str = "ann", why: str = "") -> int:
    changes = browser.gateway.services.steering.changes
    made = await changes.make(By(who, "cli", why), lambda control: control.set_percent(percent))
    await browser.gateway.services.flags.refresh()
    assert made.entry is not None
    return made.entry


async def test_rows_reasons_and_the_way_back(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        services = browser.gateway.services
        empty = await browser.get("/console/history")
        assert "Nothing changed yet." in empty.text
        five, ten = await turn(browser, 5), await turn(browser, 10, "bob", "all is <b>well</b>")

        page = (await browser.get("/console/history")).text
        assert ids(page) == [ten, five]
        assert "all is &lt;b&gt;well&lt;/b&gt;" in page
        assert page.count(">Undo<") == 1, "one click where nothing came after"
        assert f'href="/console/history/undo/{five}"' in page
        (path,) = re.findall(r'hx-get="([^"]+)"', page)
        twenty = await turn(browser, 20)
        part = await browser.get(path.replace("&amp;", "&"), **{"HX-Request": "true"})
        assert ids(part.text) == [ten, five], "what arrives does not push the page"
        assert "1 new</a>" in part.text
        for query, found in (
            ("what=rollout", [twenty, ten, five]), ("what=override", []), ("who=bob", [ten]),
            (f"before={ten}", [five]), ("since=1h", [twenty, ten, five]), ("since=whenever", [twenty, ten, five]),
            ("what=nonsense&before=x", [twenty, ten, five]),
        ):  # fmt: skip
            page = (await browser.get(f"/console/history?{query}")).text
            assert ids(page) == found, query
            assert ("neither an age" in page) == ("whenever" in query)

        none = await browser.post("/console/history/note", {"about": str(five), "why": " "})
        assert (none.status_code, "is empty" in none.text) == (422, True)
        gone = await browser.post("/console/history/note", {"about": "999", "why": "x"})
        assert (gone.status_code, "no row 999" in gone.text) == (422, True)
        said = await browser.post("/console/history/note", {"about": str(five), "why": "ticket 7", "who": "ann"})
        assert said.headers["location"] == f"/console/history?who=ann#row-{five}"
        page = (await browser.get("/console/history?who=ann")).text
        assert "op-1" in page
        assert "ticket 7" in page

        early = await browser.post(f"/console/history/undo/{ten}", {"why": "kept <i>"})
        assert early.status_code == 409
        for line in ("You saw", "Now", "You want", "kept &lt;i&gt;"):
            assert line in early.text
        assert services.flags.state().dial == 20, "nothing was written"
        (seen,) = re.findall(r'name="seen" value="([^"]+)"', early.text)
        late = await browser.post(f"/console/history/undo/{ten}", {"seen": seen, "why": "seen it"})
        assert (late.status_code, services.flags.state().dial) == (303, 5)
        (row,) = await history(services.database.pool, limit=1)
        assert (row.actor, row.via, row.why) == ("op-1", "console", f"undo of change {ten}: seen it")
        assert (await browser.post(f"/console/history/undo/{row.id}")).status_code == 303, "one click"
        assert services.flags.state().dial == 20
        assert (await browser.get("/console/history/undo/999")).status_code == 404


async def test_what_the_guard_did_is_undone_with_a_reason_and_shows_its_verdict(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        services = browser.gateway.services
        await turn(browser, 50)
        made = await services.steering.changes.make(
            By("guard", "guard", "v2 fails more"),
            lambda control: control.turn_off(),
            verdict={"findings": [{"check": "failures", "phase": "harm", "message": "9 of 74 failed, v1 21 of 1,900"}]},
        )
        await services.flags.refresh()
        page = (await browser.get("/console/history")).text
        assert "What the guard saw then" in page
        assert "failures: 9 of 74 failed, v1 21 of 1,900" in page
        assert ">Undo<" not in page
        shown = (await browser.get(f"/console/history/undo/{made.entry}")).text
        assert "v2: dial 0" in shown
        assert "the guard did this because of what it found" in shown
        refused = await browser.post(f"/console/history/undo/{made.entry}", {"why": ""})
        assert (refused.status_code, services.flags.state().dial) == (422, 0)
        done = await browser.post(f"/console/history/undo/{made.entry}", {"why": "it was the provider"})
        assert (done.status_code, services.flags.state().dial) == (303, 50)
        await browser.post("/console/off")
        (off,) = await history(services.database.pool, limit=1)
        assert "Undo" in (await browser.get(f"/console/history/undo/{off.id}")).text
