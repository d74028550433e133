"""The log-in in a real browser, and where it leads."""

import re

from playwright.async_api import Browser, expect

from tests.console.served import TOKEN, Served
from tests.console.tab import open_tab


async def test_who_shows_the_token_comes_to_the_page_that_was_asked_for(browser: Browser, served: Served) -> None:
    for scripting in (True, False):
        async with open_tab(browser, served, operator=None, scripting=scripting) as tab:
            tab.allowed = (401,)
            await tab.go("/console/history")
            await tab.page.get_by_label("Operator's token").fill("not-the-token")
            await tab.page.get_by_label(re.compile("Your name")).fill("Iris")
            await tab.page.get_by_role("button", name="Log in").click()
            await expect(tab.page.get_by_role("alert")).to_contain_text("no operator's token")
            await tab.page.get_by_label("Operator's token").fill(TOKEN)
            await tab.page.get_by_label(re.compile("Your name")).fill("Iris")
            await tab.page.get_by_role("button", name="Log in").click()
            await expect(tab.page).to_have_url(f"{served.url}/console/history")
            await expect(tab.page.locator(".bar .who")).to_contain_text("Iris")
            (cookie,) = await tab.page.context.cookies()
            assert cookie["name"].startswith("__Host-")
            assert cookie["httpOnly"]
            assert cookie["secure"]
            assert cookie["sameSite"] == "Strict"
            await tab.page.get_by_role("button", name="Log out").click()
            await expect(tab.page).to_have_url(f"{served.url}/console/login")
            await tab.go("/console/now")
            await expect(tab.page.get_by_label("Operator's token")).to_be_visible()
            assert await tab.page.locator("#off").count() == 0
