"""States that pages come into, in either scheme and layout: axe-core finds nothing, nothing scrolls sideways."""

import re

import psycopg
import pytest
from playwright.async_api import expect

from flags.control import FlagControl
from flags.model import Rollout
from gateway.rollout.history import By
from gateway.rollout.override import lift_override, throw_override
from tests.console.look import what_is_wrong
from tests.console.served import TOKEN, Served, session_cookie
from tests.console.tab import Tab, log_in

# Of clocks that run in the page: as if nothing had replaced it for long.
STALE = "document.getAnimations({subtree: true}).forEach(one => { try { one.finish() } catch { one.cancel() } })"


async def look(tab: Tab, state: str) -> list[str]:
    """What is wrong with the page as it stands: wide and light, narrow and dark."""
    found = []
    for width, scheme in ((1280, "light"), (320, "dark")):
        await tab.page.set_viewport_size({"width": width, "height": 800})
        await tab.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{state} at {width} px, {scheme}: {one}" for one in await what_is_wrong(tab)]
    await tab.page.set_viewport_size({"width": 1280, "height": 800})
    await tab.page.emulate_media(color_scheme="light")
    return found


async def change(served: Served, percent: float) -> None:
    """Somebody else turns the dial."""
    services = served.gateway.services

    async def turn(control: FlagControl) -> Rollout:
        return await control.set_percent(percent, None, pipeline="v2")

    await services.steering.changes.make(By("op-2", "cli", "meanwhile"), turn, about="v2")
    await services.flags.refresh()


async def send(tab: Tab, form: str, shows: str = "", **typed: str) -> None:
    """Type into a form, and press its button, once the preview of what was typed shows this."""
    for name, value in typed.items():
        await tab.page.locator(f"{form} [name='{name}']").fill(value)
    await expect(tab.page.locator("main")).to_contain_text(shows)
    await tab.page.locator(f"{form} button").first.click()


async def test_pages_that_refuse_what_was_typed(tab: Tab, served: Served) -> None:
    tab.allowed, found = (404, 409, 422), list[str]()
    await served.gateway.set_dial(25)
    for path, form, typed, said in (
        ("/console/now/force", "#b-form form", {"user_id": "back\\slash", "why": "x"}, "backslash"),
        ("/console/now/ramp", "#ramp-form", {"steps": "50, 5", "why": "x"}, "rising"),
        ("/console/compare", "#share-form", {"percent": "500", "why": "x"}, "500"),
        ("/console/who?subject=ann", "#force-form", {"why": "x" * 1000}, "ann"),
        ("/console/who/restore?from=v2", "#restore-form", {}, "nobody"),
    ):
        await tab.go(path)
        button = tab.page.locator(f"{form} button").first
        if await button.is_enabled():
            await send(tab, form, **typed)
            await tab.page.wait_for_load_state()
        await expect(tab.page.locator("main")).to_contain_text(re.compile(said))
        found += await look(tab, f"{path}, refused")
    for path in ("/console/jobs?since=whenever", "/console/history?since=whenever", "/console/history/undo/999"):
        await tab.go(path)
        found += await look(tab, path)
    assert not found, "\n".join(found)


async def test_pages_on_which_somebody_else_was_first(tab: Tab, served: Served) -> None:
    tab.allowed, found = (409,), list[str]()
    await change(served, 25)
    for number, (path, form, typed, said) in enumerate(
        (
            ("/console/now", "#dial-form", {"share-v2": "40", "why": "mine"}, "nothing was done"),
            ("/console/compare", "#share-form", {"percent": "10", "why": "mine"}, "Nothing was changed"),
            ("/console/who?subject=ann", "#force-form", {"why": "mine"}, "Nothing was changed"),
            ("/console/now/force", "#b-form form", {"user_id": "ann", "why": "mine"}, "Nothing was changed"),
        )
    ):
        await tab.go(path)
        await change(served, 26 + number)
        shows = "You wantv2 40 %" if form == "#dial-form" else ""  # what comes after the button would cover its answer
        await send(tab, form, shows, **typed)
        await expect(tab.page.locator("main")).to_contain_text(said)
        found += await look(tab, f"{path}, conflict")
    (first,) = await served.gateway.rows("select min(id) as id from gateway.rollout_changes")
    await tab.go(f"/console/history/undo/{first['id']}")
    await expect(tab.page.locator("main")).to_contain_text("Somebody changed the rollout since")
    found += await look(tab, "undo, somebody came after")
    assert not found, "\n".join(found)


async def test_all_off_overridden_unknown_and_a_session_that_ends(tab: Tab, served: Served) -> None:
    tab.allowed, found = (401,), list[str]()
    services = served.gateway.services
    await change(served, 25)
    await tab.go("/console/now")
    await tab.page.locator("#off").click()
    await expect(tab.page.locator("#strip")).to_contain_text("Off since")
    found += await look(tab, "off")
    await throw_override(services.database.pool, By("op-2", "cli", "it hurts"))
    await services.steering.watch.look()
    await tab.go("/console/now")
    await expect(tab.page.locator("#strip")).to_contain_text("Lift the override")
    found += await look(tab, "overridden")
    await lift_override(services.database.pool, By("op-2", "cli", ""))
    await services.steering.watch.look()

    flags = services.settings.data_dir / "flags.json"
    was = flags.read_text()
    flags.write_text("{")
    await services.flags.refresh()
    for path in ("/console/now", "/console/who?subject=ann", "/console/safe"):
        await tab.go(path)
        found += await look(tab, f"{path}, flags that cannot be read")
    flags.write_text(was)
    await services.flags.refresh()

    await tab.go("/console/history")
    await tab.page.evaluate(STALE)
    await expect(tab.page.locator("#stale .stale")).to_be_visible()
    found += await look(tab, "stale")
    await tab.page.context.clear_cookies()
    await tab.page.evaluate("document.body.dispatchEvent(new CustomEvent('changed'))")
    await expect(tab.page.locator("#session")).to_contain_text("Your session is over")
    found += await look(tab, "session over")
    assert TOKEN not in await tab.page.content()
    await log_in(tab.page.context, served)
    assert session_cookie()["name"]
    assert not found, "\n".join(found)


@pytest.mark.timeout(400)
async def test_parts_that_cannot_be_read(tab: Tab, served: Served) -> None:
    """Tables that others hold: the page comes, says so, and the button works."""
    found, tab.allowed = list[str](), (503,)
    url = served.gateway.services.settings.database_url
    assert url is not None
    async with await psycopg.AsyncConnection.connect(url.get_secret_value()) as holding:
        await holding.execute("lock table processing_jobs, gateway.comparisons, user_profiles in access exclusive mode")
        for path in ("/console/now", "/console/safe", "/console/compare", "/console/who?version=v2", "/console/jobs"):
            await tab.go(path)
            await expect(tab.page.locator("main")).to_contain_text(re.compile("being read|could not be read|longer"))
            await expect(tab.page.locator("#off")).to_be_enabled()
            found += await look(tab, f"{path}, not read")
        await holding.rollback()
    assert not found, "\n".join(found)
