"""Now in a browser: the dial is turned, two at once do not overwrite each other, and a session's end loses nothing."""

import asyncio
import re

from playwright.async_api import Browser, Locator, expect

from gateway.web.console.pages.now.read import SETTLED
from tests.console.served import TOKEN, Served
from tests.console.tab import Tab, log_in, open_tab


def dial_form(tab: Tab) -> Locator:
    """Where the dial is turned."""
    return tab.page.locator("#dial-form")


async def turn_to(tab: Tab, percent: str, why: str) -> None:
    """Type, and send."""
    await dial_form(tab).get_by_label(re.compile("Users on")).fill(percent)
    await dial_form(tab).get_by_label(re.compile("Why")).fill(why)
    await dial_form(tab).locator("button.go").click()


async def in_force(served: Served) -> float | None:
    return (await served.gateway.services.flags.refresh()).dial


async def test_a_dial_that_is_set_is_followed_measured_and_written_down(tab: Tab, served: Served) -> None:
    await tab.go()
    await turn_to(tab, "50", "half, to see it")
    await expect(tab.page.locator("#n-asked .num")).to_contain_text("50")
    await expect(tab.page.locator("#n-force .num")).to_contain_text("50")
    assert await in_force(served) == 50
    await asyncio.sleep(SETTLED.total_seconds())  # who came before all processes could follow is not counted
    await served.send_users(40, "n")
    await expect(tab.page.locator("#n-measured")).to_contain_text("40 users", timeout=45_000)
    (row,) = await served.gateway.rows("select * from gateway.rollout_changes order by id desc limit 1")
    assert (row["actor"], row["via"], row["why"]) == ("op-1", "console", "half, to see it")
    await tab.go("/console/history")
    await expect(tab.page.locator(f"#row-{row['id']}")).to_contain_text("half, to see it")


async def test_of_two_who_set_the_dial_at_once_one_gets_what_the_other_did_and_keeps_what_was_typed(
    browser: Browser, served: Served, tab: Tab
) -> None:
    async with open_tab(browser, served, operator="op-2", scripting=False) as second:
        await tab.go()
        await second.go()
        await turn_to(tab, "20", "one")
        await expect(tab.page.locator("#n-asked .num")).to_contain_text("20")
        second.allowed = (409,)
        await turn_to(second, "30", "my own reason")
        await expect(second.page.locator("#dial-news")).to_contain_text("nothing was done")
        await expect(dial_form(second).get_by_label(re.compile("Why"))).to_have_value("my own reason")
        assert await in_force(served) == 20
        await dial_form(second).locator("button.go").click()
        await expect(second.page.locator("#n-asked .num")).to_contain_text("30")
        assert await in_force(served) == 30


async def test_what_was_typed_stays_when_the_session_ends_and_is_sent_by_nobody(tab: Tab, served: Served) -> None:
    before = await in_force(served)
    await tab.go()
    await tab.page.context.clear_cookies()
    tab.allowed = (401,)
    await turn_to(tab, "45", "typed before the end")
    await expect(tab.page.locator("#session")).to_contain_text("Your session is over")
    assert await in_force(served) == before
    await tab.page.get_by_label("Operator's token").fill(TOKEN)
    await tab.page.get_by_label(re.compile("Your name")).fill("op-1")
    await tab.page.locator("#session").get_by_role("button", name="Log in").click()
    await expect(tab.page.locator("#session")).to_contain_text("logged in again")
    await expect(dial_form(tab).get_by_label(re.compile("Users on"))).to_have_value("45")
    await expect(dial_form(tab).get_by_label(re.compile("Why"))).to_have_value("typed before the end")
    assert await in_force(served) == before
    await dial_form(tab).locator("button.go").click()
    await expect(tab.page.locator("#n-asked .num")).to_contain_text("45")


async def test_a_page_whose_session_was_over_hears_of_a_log_in_from_another_tab(tab: Tab, served: Served) -> None:
    await tab.go()
    await tab.page.context.clear_cookies()
    tab.allowed = (401,)
    await turn_to(tab, "45", "typed before the end")
    await expect(tab.page.locator("#session")).to_contain_text("Your session is over")
    await tab.page.get_by_label("Operator's token").fill("half a tok")
    await asyncio.sleep(4)  # it has asked meanwhile
    await expect(tab.page.get_by_label("Operator's token")).to_have_value("half a tok")
    await log_in(tab.page.context, served)
    await expect(tab.page.locator("#session")).to_contain_text("logged in again")
    await expect(dial_form(tab).get_by_label(re.compile("Why"))).to_have_value("typed before the end")


async def test_keyboard_alone_reaches_the_off_button_and_turns_the_dial(tab: Tab, served: Served) -> None:
    await tab.go()
    await tab.page.keyboard.press("Tab")
    assert await tab.page.evaluate("document.activeElement.textContent") == "To the off button"
    await tab.page.keyboard.press("Enter")
    assert await in_force(served) != 0  # it leads there, and does not press it
    field = dial_form(tab).get_by_label(re.compile("Users on"))
    for _ in range(40):
        if await field.evaluate("one => one === document.activeElement"):
            break
        await tab.page.keyboard.press("Tab")
    await tab.page.keyboard.press("Control+A")
    await tab.page.keyboard.type("10")
    await tab.page.keyboard.press("Enter")
    await expect(tab.page.locator("#n-asked .num")).to_contain_text("10")
    assert await in_force(served) == 10
