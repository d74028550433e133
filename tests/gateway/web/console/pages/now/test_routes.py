"""Now over HTTP, as a browser without scripting uses it, and the parts that a script asks for."""

import re
from collections.abc import AsyncIterator
from html import unescape
from urllib.parse import urlencode

import pytest

from flags.control import FlagControl
from gateway.config.settings import Settings
from gateway.rollout.history import By, Entry, history
from tests.gateway.web.console.browser import Browser, console_at

LIVE = {"HX-Request": "true"}


@pytest.fixture
async def browser(settings: Settings) -> AsyncIterator[Browser]:
    """Logged in, at a gateway whose process decides for users."""
    async with console_at(settings) as found:
        await found.log_in()
        found.gateway.services.steering.report.runs_jobs()
        yield found


async def rows(browser: Browser) -> list[Entry]:
    return await history(browser.gateway.services.database.pool)


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return unescape(found[1])


def text_of(page: str) -> str:
    """What a person reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def set_elsewhere(browser: Browser, percent: float, why: str = "elsewhere") -> None:
    """Somebody else turns the dial, and this process has heard of it."""

    async def work(control: FlagControl) -> object:
        return await control.set_percent(percent)

    steering = browser.gateway.services.steering
    await steering.changes.make(By("ben", "cli", why), work)  # type: ignore[arg-type]
    await steering.watch.look()


async def test_the_dial_is_turned_with_a_preview_and_a_reason_and_nothing_wrong_is_set(browser: Browser) -> None:
    page = (await browser.get("/console/now")).text
    seen = {"seen": hidden(page, "seen"), "saw": hidden(page, "saw")}
    for typed, problem in (("500", "outside 0 to 100"), ("12.34", "more than one decimal place"), ("x", "no number")):
        for headers in ({}, LIVE):
            refused = await browser.post("/console/now/set", {"share-v2": typed, "why": "<i>w</i>", **seen}, **headers)
            assert refused.status_code == 422
            assert problem in text_of(refused.text)
            assert f'value="{typed}"' in refused.text
            assert 'value="&lt;i&gt;w&lt;/i&gt;"' in refused.text, "the reason stays, as text"
    above = await browser.post("/console/now/set", {"share-v2": "60", **seen})
    assert (above.status_code, "a reason is needed" in above.text) == (422, True)
    assert await rows(browser) == []

    preview = await browser.get(f"/console/now/dial?{urlencode({'share-v2': '25', **seen})}", **LIVE)
    told = text_of(preview.text)
    assert "Set to 25" in told
    assert "Who moves" in told
    assert "<html" not in preview.text
    whole = await browser.get(f"/console/now?{urlencode({'share-v2': '25', 'why': 'typed'})}")
    assert 'value="typed"' in whole.text
    assert await rows(browser) == [], "a look changes nothing"

    done = await browser.post("/console/now/set", {"share-v2": "25", "why": "<script>1</script>", "on": "on", **seen})
    assert (done.status_code, done.headers["location"]) == (303, "/console/now")
    turned = [(row.actor, row.via, row.why, row.after["dial"]) for row in await rows(browser)]
    assert turned == [("op-1", "console", "<script>1</script>", 25.0)]
    page = (await browser.get("/console/now")).text
    assert "<script>1" not in page
    assert "&lt;script&gt;1&lt;/script&gt;" in page
    assert "A quarter of users get v2." in page
    live = await browser.post("/console/now/set", {"share-v2": "5", "seen": hidden(page, "seen")}, **LIVE)
    assert (live.status_code, live.headers["hx-redirect"]) == (200, "/console/now"), "below today's dial no reason"
    assert (await rows(browser))[0].after["dial"] == 5.0

    async with browser.gateway.services.database.pool.connection() as connection:
        await connection.execute(
            "insert into user_profiles (user_id) select 'known-' || n from generate_series(1, 400) n"
        )
    await browser.post("/console/off")
    off = text_of((await browser.get(f"/console/now/dial?{urlencode({'share-v2': '5'})}", **LIVE)).text)
    assert "of 400 known users go to v2" in off, "it is turned on with it"


async def test_who_comes_second_sees_what_there_is_now_and_loses_nothing(browser: Browser) -> None:
    await set_elsewhere(browser, 5)
    page = (await browser.get("/console/now")).text
    typed = {"share-v2": "50", "why": "all <b>is</b> well", "seen": hidden(page, "seen"), "saw": hidden(page, "saw")}
    await set_elsewhere(browser, 10, "support <asked>")
    told = await browser.get(f"/console/now/dial?{urlencode(typed)}", **LIVE)
    assert "Somebody else changed it meanwhile." in told.text
    assert hidden(told.text, "seen") == typed["seen"], "a form stays what it was filled in for"
    for headers in ({}, LIVE):
        conflict = await browser.post("/console/now/set", typed, **headers)
        said = text_of(conflict.text)
        assert conflict.status_code == 409
        assert "You saw v2 5 %" in said
        assert "It is now v2 10 %" in said
        assert "by ben" in said
        assert "support <asked>" in said
        assert "Set v2 50 % from 10 %" in said
        assert 'value="all &lt;b&gt;is&lt;/b&gt; well"' in conflict.text
        assert "Leave it" in said
    assert (await rows(browser))[0].actor == "ben", "nothing was written"
    kept = {**typed, **{name: hidden(conflict.text, name) for name in ("seen", "refused")}}
    preview = f"/console/now/dial?{urlencode(kept)}"
    assert "Somebody else changed it: nothing was done." in (await browser.get(preview, **LIVE)).text, (
        "until it is sent"
    )
    await set_elsewhere(browser, 11)
    assert "Somebody else changed it meanwhile." in (await browser.get(preview, **LIVE)).text
    await set_elsewhere(browser, 10)
    again = await browser.post("/console/now/set", {**kept, "seen": hidden(conflict.text, "seen")})
    assert again.status_code == 303
    assert ((await rows(browser))[0].actor, (await rows(browser))[0].after["percent"]) == ("op-1", 50.0)


async def test_a_ramp_is_started_and_told_by_its_state_as_it_was_seen(browser: Browser) -> None:
    form = (await browser.get("/console/now/ramp?steps=1,5,25", **LIVE)).text
    assert form.count("<li>") == 3, "a price a step"
    plan = {
        "steps": "5, 25",
        "hold": "1h",
        "users": "200",
        "margin": "5",
        "auto": "on",
        "why": "try",
        "expects": "none",
    }
    for wrong, problem in (
        ({"steps": "25, 5"}, "steps must rise"),
        ({"hold": "soon"}, "is not a time"),
        ({"users": "2.5"}, "whole number"),
    ):
        refused = await browser.post("/console/now/ramp/start", {**plan, **wrong})
        assert (refused.status_code, problem in refused.text) == (422, True)
    assert (await browser.post("/console/now/ramp/start", plan)).status_code == 303
    page = (await browser.get("/console/now")).text
    running = hidden(page, "expects")
    assert "started by op-1" in page
    late = await browser.post("/console/now/ramp/start", plan)
    assert (late.status_code, "not as you saw it" in text_of(late.text)) == (409, True)
    assert (await browser.post("/console/now/ramp/pause", {"expects": running})).status_code == 303
    twice = await browser.post("/console/now/ramp/pause", {"expects": running})
    assert (twice.status_code, "not as you saw it" in twice.text) == (409, True)
    page = (await browser.get("/console/now")).text
    assert "Resume from 5" in text_of(page)
    for order in ("resume", "abort"):
        answer = await browser.post(f"/console/now/ramp/{order}", {"expects": hidden(page, "expects")})
        assert answer.status_code == 303
        page = (await browser.get("/console/now")).text
    assert "The last ramp was aborted" in page
    assert [row.after["ramp"] for row in await rows(browser)] == ["aborted", "running", "paused", "started"]
    assert {(row.actor, row.via) for row in await rows(browser)} == {("op-1", "console")}


async def test_users_are_called_by_name_and_their_ids_stay_text(browser: Browser) -> None:
    evil = 'u"><img src=x onerror=1>'
    page = (await browser.get(f"/console/now/force?{urlencode({'user_id': evil})}")).text
    assert "<img" not in page
    empty = await browser.post("/console/now/force", {"user_id": "", "pipeline": "v2", "why": "kept"})
    assert (empty.status_code, "is empty" in empty.text, 'value="kept"' in empty.text) == (422, True, True)
    for user, version in ((evil, "v2"), ("bob", "v1")):
        seen = hidden((await browser.get("/console/now/force")).text, "seen")
        named = await browser.post("/console/now/force", {"user_id": user, "pipeline": version, "seen": seen})
        assert named.status_code == 303
    stale = await browser.post("/console/now/force", {"user_id": "eve", "pipeline": "v2", "seen": seen})
    assert (stale.status_code, "Nothing was changed" in stale.text) == (409, True)
    page = (await browser.get("/console/now/force")).text
    assert "2 called by name" in page
    assert "<img" not in page
    assert "not known" not in page, "each has an age"
    assert "<img" not in (await browser.get("/console/now")).text
    await browser.post("/console/now/force", {"user_id": evil, "pipeline": "dial"})
    assert "1 called by name" in (await browser.get("/console/now/force")).text


async def test_the_override_is_thrown_and_lifted_where_the_flags_cannot_be_changed(browser: Browser) -> None:
    await set_elsewhere(browser, 25)
    assert (await browser.post("/console/now/override", {"why": "it hurts"})).status_code == 303
    page = (await browser.get("/console/now")).text
    assert "Everybody gets v1: an override holds it." in page
    assert "until it is lifted, nobody moves" in text_of((await browser.get("/console/now?share-v2=50")).text)
    assert (await browser.post("/console/now/lift")).status_code == 303
    page = (await browser.get("/console/now")).text
    assert "Override: none" in page
    assert 'data-fact="queue"' in page
    assert [row.what for row in await rows(browser)] == ["override", "override", "rollout"]


async def test_the_share_compared_is_set_for_what_was_seen(browser: Browser) -> None:
    seen = hidden((await browser.get("/console/now")).text, "seen")
    assert (await browser.post("/console/now/set", {"shadow": "101", "seen": seen})).status_code == 422
    assert (await browser.post("/console/now/set", {"shadow": "10", "seen": seen})).status_code == 303
    assert (await browser.post("/console/now/set", {"shadow": "20", "seen": seen})).status_code == 409
    (row,) = await rows(browser)
    assert (row.after["shadow_percent"], row.via) == (10.0, "console")
