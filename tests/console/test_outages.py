"""Unleash changed by somebody else, frozen, stopped; Postgres stopped: what the console does, over the real ones."""

import asyncio
import re
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from gateway.database.retry import DATABASE_ERRORS
from gateway.rollout.history import history
from tests.console.tab import Tab, open_tab
from tests.console.unleashed import USER, Unleashed, serve_unleashed
from tests.gateway.rollout.conftest import eventually
from tests.unleash_server import UnleashServer

pytestmark = [pytest.mark.unleash, pytest.mark.timeout(600)]
SLOW = 60_000  # ms


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(unleash_server: UnleashServer) -> AsyncIterator[Unleashed]:
    """One for all outages."""
    async with serve_unleashed(unleash_server) as running:
        yield running


async def undo(tab: Tab) -> None:
    """Back to what there was, once it is offered."""
    await tab.page.get_by_role("button", name=re.compile("Undo: back to 25")).click(timeout=SLOW)
    await expect(tab.page).to_have_title(re.compile("25.*on v2"), timeout=SLOW)


async def test_a_change_in_unleash_itself_while_somebody_types_is_shown_and_loses_nothing(
    browser: Browser, scene: Unleashed
) -> None:
    for scripting, theirs in ((True, 40), (False, 45)):
        await scene.quarter()
        async with open_tab(browser, scene.served, scripting=scripting) as tab:
            tab.allowed = (409,)
            await tab.go()
            form = tab.page.locator("#dial-form")
            percent, why = form.get_by_label(re.compile("Users on")), form.get_by_label(re.compile("Why"))
            await percent.fill("30")
            await why.fill("my own reason")
            await asyncio.to_thread(scene.turn_in_unleash, theirs)
            if scripting:
                await expect(tab.page.locator("#dial-news")).to_contain_text("changed it meanwhile", timeout=SLOW)
            await form.locator("button.go").click()
            await expect(tab.page.locator("#dial-news")).to_contain_text("nothing was done", timeout=SLOW)
            await expect(tab.page.locator("#dial-news")).to_contain_text(f"v2 {theirs}")
            await expect(percent).to_have_value("30")
            await expect(why).to_have_value("my own reason")
            assert (await scene.flags()).dial == theirs
            await form.locator("button.go").click()
            await expect(tab.page.locator("#n-asked .num")).to_contain_text("30", timeout=SLOW)
            assert (await scene.flags()).dial == 30
        mine, other, *_ = await history(scene.served.gateway.services.database.pool)
        assert (mine.actor, mine.via, mine.why) == ("op-1", "console", "my own reason")
        assert (other.actor, other.via, other.after["dial"]) == (USER, "unleash", theirs)


async def test_off_lands_by_the_override_while_unleash_hangs(browser: Browser, scene: Unleashed) -> None:
    before = await scene.quarter()
    services = scene.served.gateway.services
    async with open_tab(browser, scene.served) as tab:
        await tab.go()
        await expect(tab.page).to_have_title(re.compile("25"))
        scene.unleash.freeze()
        try:
            begun = time.monotonic()
            await tab.page.locator("#off").click(no_wait_after=True)
            await eventually(lambda: services.flags.state().override is not None)
            landed = time.monotonic() - begun
            await expect(tab.page).to_have_title(re.compile(r"OFF, everybody on v1 \(override\)"))
            await expect(tab.page.locator("#strip")).to_contain_text("by the override (op-1)")
            print(f"\nlanded after {landed:.2f} s, shown after {time.monotonic() - begun:.2f} s")
            (row,) = await history(services.database.pool, limit=1)
            assert (row.what, row.actor, row.via) == ("override", "op-1", "console")
        finally:
            scene.unleash.thaw()
        await asyncio.gather(*services.steering.off.going)
        await expect(tab.page.locator("#strip")).to_contain_text("the override holds v1", timeout=SLOW)
        await undo(tab)
    assert (await scene.flags()).versions == before.versions
    assert services.flags.state().override is None


async def test_without_unleash_the_dial_is_shut_with_its_reason_and_off_is_not(
    browser: Browser, scene: Unleashed
) -> None:
    before = await scene.quarter()
    async with open_tab(browser, scene.served, scripting=False) as tab:
        scene.unleash.kill()
        try:
            await tab.go()
            shut = tab.page.locator("#dial-shut")
            await expect(shut).to_contain_text("Nothing can be changed now: Unleash")
            await expect(shut).to_contain_text("as last known")
            await expect(tab.page.locator("#dial-form button.go")).to_be_disabled()
            await expect(tab.page.locator("#dial-form").get_by_label(re.compile("Users on"))).to_be_disabled()
            await expect(tab.page.get_by_role("button", name=re.compile("Switch everybody to v1 here"))).to_be_enabled()
            await expect(tab.page.locator("#n-asked")).to_contain_text("as last known")
            await tab.page.locator("#off").click()
            await expect(tab.page.locator("#strip")).to_contain_text("by the override")
        finally:
            await asyncio.to_thread(scene.unleash.start)
        await eventually(lambda: scene.served.gateway.services.flags.state().healthy, 60)
        await tab.go()
        await undo(tab)
    assert (await scene.flags()).versions == before.versions


async def test_without_postgres_off_goes_through_unleash_and_is_written_down_later(
    browser: Browser, scene: Unleashed
) -> None:
    before = await scene.quarter()
    services = scene.served.gateway.services
    (last,) = await history(services.database.pool, limit=1)
    async with open_tab(browser, scene.served) as tab:
        await tab.go()
        await expect(tab.page).to_have_title(re.compile("25"))
        scene.postgres.stop_server("immediate")
        try:
            await tab.page.locator("#off").click(no_wait_after=True)
            await expect(tab.page).to_have_title(re.compile("OFF, everybody on v1"), timeout=SLOW)
            await expect(tab.page.locator("#strip")).to_contain_text("by Unleash (op-1)", timeout=SLOW)
            await expect(tab.page.locator("#strip")).to_contain_text("The database does not answer")
            assert not (await scene.flags()).of("v2").enabled
        finally:
            await asyncio.to_thread(scene.postgres.start_server)

        async def written() -> bool:
            """A pool whose connections were cut may take a while to have one again."""
            try:
                kept = await history(services.database.pool)
            except DATABASE_ERRORS:
                return False
            rows = [row for row in kept if row.id > last.id and row.what == "rollout"]
            return [(row.pipeline, row.after["dial"]) for row in rows] == [("v2", 0)]

        await eventually(lambda: services.steering.watch.listening, 60)
        await eventually(written, 60)
        await undo(tab)
    assert (await scene.flags()).versions == before.versions
