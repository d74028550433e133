"""Two processes of one gateway: off arrives in both, one that lags behind is named, one that dies is not believed."""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from operator import methodcaller

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from flags.model import Rollout
from gateway.rollout.history import By
from tests.amount import amount
from tests.console.child import Pair, serve_two
from tests.console.tab import Tab, open_tab
from tests.gateway.rollout.conftest import eventually

BY = By("op-2", "cli", "test")
CLICKS = amount(4, 20)
SLOW = 60_000  # ms: what takes 15 s by the page's clock, on a busy machine

LATE_STARTS = """
select count(*) as starts, coalesce(max(extract(epoch from j.started_at - c.at)), 0)::float8 as seconds
from (select at from gateway.rollout_changes where what = 'rollout' order by id desc limit 1) c
join processing_jobs j on j.pipeline = 'v2' and j.started_at > c.at
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pair(new_database_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    async with serve_two(new_database_url(), tmp_path_factory.mktemp("two")) as two:
        yield two


@asynccontextmanager
async def users_coming(pair: Pair) -> AsyncIterator[None]:
    """New users all the time."""

    async def send() -> None:
        for number in range(100_000):
            await pair.served.send_users(1, f"u{number}")
            await asyncio.sleep(0.1)

    task = asyncio.create_task(send())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def turn(pair: Pair, chance: random.Random) -> Rollout:
    """Any dial, any users called by name on both lists."""
    changes = pair.served.gateway.services.steering.changes
    users = [f"named-{number}" for number in range(8)]
    for user in chance.sample(users, 5):
        await changes.make(BY, methodcaller("force", user, chance.choice(["v1", "v2", None])))
    await changes.make(BY, methodcaller("turn_on"))
    percent = chance.randrange(100, 950) / 10
    made = await changes.make(BY, methodcaller("set_percent", percent))
    await eventually(partial(follows, pair, percent))
    return made.after


async def follows(pair: Pair, percent: float) -> bool:
    """Do both processes decide by it?"""
    return pair.served.gateway.services.flags.state().dial == percent == await pair.dial_of_child()


async def test_off_is_in_force_in_both_and_undone_whole_each_time(browser: Browser, pair: Pair) -> None:
    chance, took = random.Random(15), []
    async with open_tab(browser, pair.served) as tab, users_coming(pair):
        for _ in range(CLICKS):
            before = await turn(pair, chance)
            await tab.go()
            await expect(tab.page).to_have_title(re.compile(f"{before.dial:g}"))
            took.append(await press_off(tab, pair))
            await starts_as_shown(tab, pair)
            await tab.page.get_by_role("button", name=re.compile("Undo: back to")).click()
            await expect(tab.page).to_have_title(re.compile(f"{before.dial:g}"))
            after = await pair.served.gateway.services.steering.changes.read()
            assert after.versions == before.versions
            await eventually(partial(follows, pair, before.dial))
    took.sort()
    print(f"\nin force 0 in both after, s: median {took[len(took) // 2]:.3f}, worst {took[-1]:.3f} of {took}")


async def press_off(tab: Tab, pair: Pair) -> float:
    """The one click; the seconds from its commit until both processes decide by it."""
    begun = time.monotonic()
    await tab.page.locator("#off").click(no_wait_after=True)
    await eventually(partial(follows, pair, 0))
    seen = time.monotonic()
    await expect(tab.page).to_have_title(re.compile("OFF, everybody on"))
    return seen - begun


async def starts_as_shown(tab: Tab, pair: Pair) -> None:
    """The page says how long after it a v2 job was started last; none was later, though users go on coming."""
    strip = tab.page.locator("#strip")
    await expect(strip).to_contain_text("2 of 2 processes follow")
    await expect(strip).to_contain_text("No job of a newer version runs any more")
    shown = re.search(
        r"was started ([\d.]+) (s|min) after that|(No job) of a newer version was started", await tab.text("#strip")
    )
    assert shown
    seconds = 0.0 if shown[3] else float(shown[1])
    (late,) = await pair.served.gateway.rows(LATE_STARTS)
    assert late["starts"] == 0 or late["seconds"] <= seconds + 0.01, (late, shown[0])
