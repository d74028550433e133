"""The five questions of who leads a product, each answered on the first screen of its page, without scrolling."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

PATIENCE = 60_000  # ms; a busy machine is slow
INSIDE = """
one => { const box = one.getBoundingClientRect();
         return [box.left, box.top, innerWidth - box.right, innerHeight - box.bottom, scrollY].map(Math.round) }
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known to be so, from elsewhere than the page."""

    by: str  # who changed the dial last
    why: str
    version: str
    users: int  # who got it
    seen: tuple[str, ...]  # what the four questions say of it, in their order


async def who_changed_the_dial(page: Page, url: str, known: Known) -> None:
    """In the newest row of the history, or in the strip above it while all is off."""
    await page.goto(f"{url}/console/history")
    row = page.locator(".history > li").filter(has_text=re.compile(r": dial \d")).first
    strip = page.locator("#strip .strip")
    if await strip.count():
        await expect(row).to_contain_text(known.why)
        row = strip
    await expect(row).to_contain_text(known.by)
    await expect(row).to_contain_text(known.why)
    await is_on_first_screen(row)


async def who_got_the_version(page: Page, url: str, known: Known) -> None:
    await page.goto(f"{url}/console/who?since=24h&version={known.version}")
    row = page.locator("#b-versions li").filter(has_text=known.version).first
    await expect(row).to_contain_text(f"{known.users:,} user", timeout=PATIENCE)
    await is_on_first_screen(row)
    await is_on_first_screen(page.locator("#b-users li").first)  # and the list of them begins


async def is_it_better(page: Page, url: str, known: Known) -> None:
    await page.goto(f"{url}/console/safe")
    short = page.locator("#b-short")
    for place, said in enumerate(known.seen):
        await expect(short.locator("li").nth(place)).to_contain_text(re.compile(said), timeout=PATIENCE)
    await is_on_first_screen(short)


async def what_would_it_do(page: Page, url: str, known: Known, percent: str = "30") -> None:
    """Typed into the form, and sent by nobody."""
    await page.goto(f"{url}/console/now")
    await page.locator("#dial-form").get_by_label(re.compile("Users on")).fill(percent)
    told = page.locator("#what")
    await expect(told).to_contain_text(re.compile(rf"known users go to ({known.version}|v1)"), timeout=PATIENCE)
    for name in ("Who moves", "Load", "Price of knowing"):
        await expect(told).to_contain_text(name)
    await is_on_first_screen(told)
    await is_on_first_screen(page.locator("#dial-form button.go"))


async def roll_back_now(page: Page, url: str, known: Known) -> None:
    """One click, from the page on which one is."""
    await page.goto(f"{url}/console/safe?version={known.version}")
    await is_on_first_screen(page.locator("#off"))
    await page.locator("#off").click()
    strip = page.locator("#strip .strip")
    await expect(strip).to_contain_text("Off since", timeout=PATIENCE)
    await is_on_first_screen(strip)
    await is_on_first_screen(strip.get_by_role("button", name=re.compile("Undo")))


async def is_on_first_screen(one: Locator) -> None:
    """The whole of it can be seen, and nobody scrolled."""
    *room, scrolled = await one.evaluate(INSIDE)
    assert (min(room) >= 0, scrolled) == (True, 0), (await one.inner_text(), room, scrolled)
