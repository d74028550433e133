"""All to the stable version: there in every state, with one click, and what it says afterwards."""

import re

from playwright.async_api import Browser, expect

from gateway.rollout.history import By
from gateway.rollout.override import lift_override, throw_override
from gateway.rollout.ramp.orders import RampOrders
from gateway.rollout.ramp.plan import Plan
from tests.console.served import TOKEN, Served
from tests.console.tab import Tab, open_tab

PAGES = ("now", "safe", "compare", "who", "history", "jobs")


async def press_off(tab: Tab) -> None:
    """The one click."""
    await tab.page.locator("#off").click()


async def is_off(served: Served) -> bool:
    """Does everybody get the base in this process?"""
    state = await served.gateway.services.flags.refresh()
    return state.override is not None or not state.rollout or not any(one.dial for one in state.rollout.ladder)


async def test_one_click_on_every_page_turns_all_off_with_and_without_scripting(
    browser: Browser, served: Served
) -> None:
    for scripting in (True, False):
        async with open_tab(browser, served, scripting=scripting) as tab:
            for name in PAGES:
                await served.gateway.set_dial(25)
                await tab.go(f"/console/{name}")
                await expect(tab.page).to_have_title(re.compile("25"))
                await press_off(tab)
                await expect(tab.page).to_have_title(re.compile("OFF, everybody on"))
                assert await is_off(served), (name, scripting)
                await expect(tab.page.locator("#icon")).to_have_attribute("data-icon", "off")


async def test_it_works_at_zero_while_overridden_and_while_the_flags_are_unknown(tab: Tab, served: Served) -> None:
    data = served.gateway.services.settings.data_dir
    await served.gateway.set_dial(0)
    await tab.go()
    await press_off(tab)
    await expect(tab.page.locator("#off")).to_be_enabled()
    await served.gateway.set_dial(25)
    pool, watch = served.gateway.services.database.pool, served.gateway.services.steering.watch
    await throw_override(pool, By("op-2", "cli", "test"))
    await watch.look()
    await tab.go()
    await expect(tab.page).to_have_title(re.compile("override"))
    await press_off(tab)
    await expect(tab.page.locator("#off")).to_be_enabled()
    assert await is_off(served)
    await lift_override(pool, By("op-2", "cli", "test"))
    await watch.look()
    (data / "flags.json").write_text("{")
    await served.gateway.services.flags.refresh()
    await tab.go()
    await press_off(tab)
    await expect(tab.page.locator("#off")).to_be_enabled()
    assert await is_off(served)
    await lift_override(pool, By("op-2", "cli", "test"))
    await watch.look()


async def test_it_works_while_a_ramp_is_paused_which_stays_paused(tab: Tab, served: Served) -> None:
    services, op = served.gateway.services, By("op-2", "cli", "test")
    await served.gateway.set_dial(25)
    orders = RampOrders(services.database.pool, services.steering.changes)
    await orders.start(Plan((50, 100), 60, 1), op)
    await orders.pause(op)
    await tab.go()
    await expect(tab.page.locator("#b-ramp")).to_contain_text(re.compile("paused", re.IGNORECASE))
    await press_off(tab)
    await expect(tab.page).to_have_title(re.compile("OFF, everybody on"))
    assert await is_off(served)
    ramp = await orders.abort(op)  # it was active until now
    await expect(tab.page.locator("#off")).to_be_enabled()
    assert ramp.state == "aborted"


async def test_an_off_after_the_session_is_over_is_done_with_the_log_in(browser: Browser, served: Served) -> None:
    for scripting in (True, False):
        await served.gateway.set_dial(25)
        async with open_tab(browser, served, scripting=scripting) as tab:
            tab.allowed = (401,)
            await tab.go("/console/history")
            await tab.page.context.clear_cookies()
            await press_off(tab)
            await expect(tab.page.locator("h1")).to_contain_text("everybody gets")
            assert not await is_off(served)
            await tab.page.get_by_label("Operator's token").fill(TOKEN)
            await tab.page.get_by_label(re.compile("Your name")).fill("Iris")
            await tab.page.get_by_role("button", name=re.compile("Log in, all to")).click()
            await expect(tab.page).to_have_title(re.compile("OFF, everybody on"))
            assert await is_off(served)
