"""Draws the console: `make pictures` writes docs/images/console.png; with a folder, every page in every state.

The five questions of who leads a product are asked first, over the same rollout: the picture is of pages that answer.
"""

import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Browser, Page, async_playwright

from tests.console import five
from tests.console.chromium import program, why_not
from tests.console.scenes import Scene, begun, locked, played, turn_on

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "images" / "console.png"
PAGES = ("now", "safe", "compare", "who?since=24h&version=v2", "history", "jobs")
FORMS = ("now/force", "now/ramp", "now?share-v2=500", "who/restore?source=v2")
SIZES = ((1280, 800), (400, 800))
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
STALE_SECONDS = 16.0
READ_SECONDS = 8.0  # for what is still being read


async def enter(browser: Browser, scene: Scene, *, size: tuple[int, int] = SIZES[0], **options: Any) -> Page:
    """A tab of somebody who has logged in."""
    width, height = size
    context = await browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
    page = await context.new_page()
    await page.goto(f"{scene.url}/console/login?next=/console/now")
    await page.get_by_label("Operator's token").fill(scene.token)
    await page.get_by_label(re.compile("Your name")).fill("op-1")
    await page.get_by_role("button", name="Log in").click()
    await page.wait_for_url("**/console/now")
    return page


async def take(page: Page, target: Path, name: str) -> None:
    """One state of one page in both sizes and both schemes; the whole page, not only what fits."""
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            await page.screenshot(path=target / f"{name}-{width}-{scheme}.png", full_page=True)
    await page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})


async def take_pages(page: Page, scene: Scene, target: Path, state: str, paths: Sequence[str] = PAGES) -> None:
    """Pages, when nothing in them is being read any more."""
    for path in paths:
        await page.goto(f"{scene.url}/console/{path}")
        for _ in range(round(READ_SECONDS)):
            await page.wait_for_timeout(1000)
            if not await page.locator("[aria-busy=true]").count() and "being read" not in await page.inner_text("main"):
                break
        await take(page, target, f"{state}-{re.sub(r'[^a-z0-9]+', '-', path.partition('&')[0])[:40]}")


async def follow(page: Page, scene: Scene, target: Path, start: str, link: str) -> None:
    """A page behind another: the first that a link of it leads to."""
    await page.goto(f"{scene.url}/console/{start}")
    found = page.locator(link).first
    if await found.count():
        await page.goto(scene.url + (await found.get_attribute("href") or ""))
        await page.wait_for_timeout(1500)
        await take(page, target, f"on-behind-{start.partition('?')[0]}")


async def take_conflict(browser: Browser, scene: Scene, target: Path) -> None:
    """Somebody else turned the dial while a form was open; without scripting, so that it hears of nothing."""
    page = await enter(browser, scene, java_script_enabled=False)
    await scene.order("PUT", "/admin/rollout", percent=40, why="a little less, over the night")
    await page.locator("#dial-form").get_by_label(re.compile("Users on")).fill("60")
    await page.locator("#dial-form").get_by_label(re.compile("Why")).fill("numbers look good")
    await page.locator("#dial-form button.go").click()
    await take(page, target, "conflict-now")
    await page.goto(f"{scene.url}/console/history")
    await page.locator(".history a.btn").first.click()
    await take(page, target, "conflict-history-undo")
    await page.context.close()
    await scene.order("PUT", "/admin/rollout", percent=50, why="as it was")


async def take_stale(browser: Browser, scene: Scene, target: Path) -> None:
    """The line is cut: nothing replaces the page, and it says so; then somebody's session is over."""
    page = await enter(browser, scene)
    for path in ("now", "history"):
        await page.context.set_offline(False)
        await page.goto(f"{scene.url}/console/{path}")
        await page.context.set_offline(True)
        await page.wait_for_timeout(STALE_SECONDS * 1000)
        await take(page, target, f"stale-{path}")
    await page.context.set_offline(False)
    await page.goto(f"{scene.url}/console/now")
    await page.context.clear_cookies()
    await page.evaluate("document.body.dispatchEvent(new CustomEvent('changed'))")
    await page.wait_for_timeout(1500)
    await take(page, target, "session-over-now")
    await page.goto(f"{scene.url}/console/login")
    await take(page, target, "login")
    await page.context.close()


async def take_states(browser: Browser, scene: Scene, target: Path) -> None:
    """A version that is on for half of all users, in every state."""
    page = await enter(browser, scene)
    await take_pages(page, scene, target, "on", (*PAGES, *FORMS))
    await follow(page, scene, target, "compare?order=new", ".pairs a")
    await follow(page, scene, target, "jobs", "#b-rows li a[aria-label]")
    await follow(page, scene, target, "who?since=24h&version=v2", "#b-users a.id")
    await take_conflict(browser, scene, target)
    await take_stale(browser, scene, target)
    async with locked(scene):
        await take_pages(page, scene, target, "error")
    await page.context.close()


async def ask(browser: Browser, scene: Scene, *, last: bool) -> None:
    """The five questions. `last`: those that are asked while it is on, too. Raises AssertionError."""
    page = await enter(browser, scene)
    rows = await scene.order("GET", "/admin/rollout/history?limit=200")
    changed = next(row for row in rows if (row["before"] or {}).get("dial") != row["after"].get("dial"))
    users = await scene.order("GET", "/admin/users/by-version?since=24h")
    (count,) = (one["users"] for one in users if one["pipeline"] == "v2")
    known = five.Known(changed["actor"], changed["why"][:60], "v2", count, (".", ".", ".", "."))
    await five.who_changed_the_dial(page, scene.url, known)
    await five.who_got_the_version(page, scene.url, known)
    await five.is_it_better(page, scene.url, known)
    if last:
        await five.what_would_it_do(page, scene.url, known)
        await five.roll_back_now(page, scene.url, known)
    await page.context.close()


async def draw(folder: Path | None) -> None:
    """The picture of the README; with a folder, all pages in all states."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        if folder is not None:
            with begun() as scene:
                page = await enter(browser, scene)
                await take_pages(page, scene, folder, "empty")
                await page.context.close()
        with played() as scene:
            if folder is not None:
                page = await enter(browser, scene)
                await take_pages(page, scene, folder, "off")
                await page.context.close()
                await ask(browser, scene, last=False)
            await turn_on(scene)
            page = await enter(browser, scene)
            await page.wait_for_timeout(3000)
            await page.screenshot(path=PICTURE)
            await page.context.close()
            if folder is not None:
                await take_states(browser, scene, folder)
            await ask(browser, scene, last=True)
        await browser.close()


def main() -> int:
    """`python -m tests.console.draw [FOLDER]`."""
    if reason := why_not():
        raise SystemExit(reason)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
