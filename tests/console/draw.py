"""Draws the console over a real rollout: `make pictures` writes docs/images/console.png; with a folder, every page."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
from playwright.async_api import Browser, Page, async_playwright

from gateway.cli.rehearsal.demo.rehearse import HISTORY_ENDS, PEOPLE
from gateway.cli.rehearsal.invented_users.cast import Cast, make_user_ids, write_files
from gateway.cli.rehearsal.invented_users.chatgpt import make_exports
from gateway.cli.rehearsal.stage.caller import post_all
from gateway.cli.rehearsal.stage.server import Server
from gateway.exports import open_exports
from tests.console.chromium import program, why_not

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "images" / "console.png"
PLAYED_SECONDS = 600.0
USERS = 120  # after it was mended
PAGES = ("now", "safe", "compare", "who", "history", "jobs")
SIZES = ((1280, 800), (400, 800))
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Scene:
    """A gateway after a whole rehearsal, that still serves."""

    url: str
    token: str
    server: Server


@contextlib.contextmanager
def played() -> Iterator[Scene]:
    """Play the rehearsal and leave it serving until the block ends."""
    with tempfile.TemporaryDirectory(prefix="gateway-drawn-") as folder, (Path(folder) / "log").open("wb") as log:
        command = [sys.executable, "-m", "gateway", "demo", "--keep"]
        environment = {**os.environ, "TMPDIR": folder}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            yield wait_until_served(process, Path(folder) / "log")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def wait_until_served(process: subprocess.Popen[bytes], log: Path) -> Scene:
    """Until its last lines say where the console is."""
    deadline = time.monotonic() + PLAYED_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"Console: (\S+:(\d+))/console\s+token: (\S+)[\s\S]+?cd (\S+) ", log.read_text()):
            return Scene(found[1], found[3], Server(Path(found[4]), int(found[2]), process))
        time.sleep(0.5)
    raise SystemExit(f"the rehearsal did not get to its end:\n{log.read_text()[-2000:]}")


async def turn_on(scene: Scene) -> None:
    """The version that broke is mended: half of all users get it again."""
    operator = {"Authorization": f"Bearer {scene.token}"}
    async with httpx.AsyncClient(base_url=scene.url, headers=operator, timeout=20) as client:
        for answer in (
            await client.put("/admin/rollout", json={"percent": 50, "why": "again at half"}),
            await client.post("/admin/rollout/on", json={"why": "mended"}),
        ):
            if answer.is_error:
                raise SystemExit(answer.text)
    await asyncio.sleep(3)  # users who come before all processes follow are not counted
    exports = make_exports(range(1, PEOPLE + 1), HISTORY_ENDS)
    async with open_exports(scene.server.settings()) as store:
        cast = Cast(store, exports, write_files(exports, scene.server.folder / "people"), make_user_ids(77))
        await post_all(scene.url, await cast.next(USERS))
    await asyncio.sleep(30)  # their jobs end, and the guard looks


async def enter(browser: Browser, scene: Scene, size: tuple[int, int], scheme: Scheme) -> Page:
    """A tab of somebody who has logged in."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = await context.new_page()
    await page.goto(f"{scene.url}/console/login?next=/console/now")
    await page.get_by_label("Operator's token").fill(scene.token)
    await page.get_by_label(re.compile("Your name")).fill("op-1")
    await page.get_by_role("button", name="Log in").click()
    await page.wait_for_url("**/console/now")
    return page


async def shoot(scene: Scene, folder: Path, prefix: str, *, every: bool = True) -> None:
    """Each page, wide and narrow, light and dark; the whole page, not only what fits."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        for size in SIZES if every else SIZES[:1]:
            for scheme in SCHEMES if every else SCHEMES[:1]:
                page = await enter(browser, scene, size, scheme)
                for name in PAGES if every else PAGES[:1]:
                    await page.goto(f"{scene.url}/console/{name}")
                    await page.wait_for_timeout(1500)  # what was still being read has come
                    target = folder / (f"{prefix}{name}-{size[0]}-{scheme}.png" if every else PICTURE.name)
                    await page.screenshot(path=target, full_page=every)
                await page.context.close()
        await browser.close()


async def draw(folder: Path | None) -> None:
    """The picture of the README, or all pages as the rehearsal left them, and turned on again."""
    with played() as scene:
        if folder is not None:
            await shoot(scene, folder, "off-")
        await turn_on(scene)
        if folder is not None:
            await shoot(scene, folder, "on-")
        await shoot(scene, PICTURE.parent, "", every=False)


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
