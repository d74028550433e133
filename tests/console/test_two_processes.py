"""Two processes of one gateway: off arrives in both, one that lags behind is named, one that dies is not believed."""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from operator import methodcaller

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from flags.model import Rollout
from gateway.rollout.history import By
from gateway.web.console.pages.now.read import SETTLED
from tests.amount import amount
from tests.console.child import Pair, serve_two
from tests.console.served import At
from tests.console.tab import Tab, open_tab
from tests.gateway.rollout.conftest import eventually

BY = By("op-2", "cli", "test")
CLICKS = amount(3, 20)
pytestmark = pytest.mark.timeout(600)  # the first test starts a process
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
    print(f"\nchanges in force in the child within s of their commit: {await pair.arrivals_in_child()}")
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
    await expect(strip).to_contain_text("of a newer version was started")
    shown = re.search(
        r"was started (?:under )?([\d.]+) (s|min) after that|(No job) of a newer version was started",
        await tab.text("#strip"),
    )
    assert shown
    seconds = 0.0 if shown[3] else float(shown[1])
    (late,) = await pair.served.gateway.rows(LATE_STARTS)
    assert late["starts"] == 0 or late["seconds"] <= seconds + 0.01, (late, shown[0])


async def test_users_whom_a_process_with_old_flags_serves_turn_the_strip_red_and_name_it(
    browser: Browser, pair: Pair
) -> None:
    changes = pair.served.gateway.services.steering.changes
    await changes.make(BY, methodcaller("turn_on"))
    await changes.make(BY, methodcaller("set_percent", 95.0))
    await eventually(partial(follows, pair, 95.0))
    pair.cut_flags_off()
    await changes.make(BY, methodcaller("set_percent", 5.0))
    async with open_tab(browser, pair.served) as tab:
        await tab.go()
        await asyncio.sleep(SETTLED.total_seconds())
        await pair.accept_in_child(40)  # by what it knew last
        begun = time.monotonic()
        await expect(tab.page.locator("#b-three")).to_have_class(re.compile("wrong"), timeout=SLOW)
        await expect(tab.page.locator("#n-force li.differs")).to_contain_text(pair.name)
        await expect(tab.page.locator("#n-force li.differs")).to_contain_text("95")
        red = time.monotonic() - begun
        await expect(tab.page.locator("#n-measured")).to_have_class(re.compile("differs"), timeout=SLOW)
        print(f"\nred and named after {red:.1f} s, outside of chance after {time.monotonic() - begun:.1f} s")
        await tab.page.locator("#off").click(no_wait_after=True)
        await expect(tab.page.locator("#strip")).to_contain_text("2 of 2 processes follow")
        assert await pair.dial_of_child() == 0  # though it cannot read that the flag is off
        pair.give_flags_back()
        await tab.page.get_by_role("button", name=re.compile("Undo: back to")).click()
        await eventually(partial(follows, pair, 5.0))


async def test_a_process_that_is_killed_is_unknown_to_others_and_its_own_pages_go_stale(
    browser: Browser, pair: Pair
) -> None:
    """With scripting, without, in a tab that sleeps; and a page of the process that lives, where nothing reads anew."""
    child = At(pair.child.url)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        others = await enter(open_tab(browser, pair.served))
        unread = await enter(open_tab(browser, pair.served, scripting=False))
        scripted, plain, asleep = [
            await enter(open_tab(browser, child, scripting=scripting)) for scripting in (True, False, True)
        ]
        for tab in (others, unread, scripted, plain, asleep):
            await tab.go()
            await expect(tab.page.locator("#stale .stale")).to_be_hidden()
        mine = others.page.locator("#n-force .procs li", has_text=pair.name)
        await expect(mine).to_have_class("agrees")
        sleep = await asleep.page.context.new_cdp_session(asleep.page)
        await sleep.send("Page.setWebLifecycleState", {"state": "frozen"})
        scripted.cut = asleep.cut = True
        pair.child.process.kill()
        await expect(mine).to_have_class("unknown", timeout=SLOW)
        await expect(mine).to_contain_text("unknown, silent for")
        hollow = await mine.evaluate("one => getComputedStyle(one, '::before').backgroundColor")
        assert hollow == "rgba(0, 0, 0, 0)"
        for tab in (scripted, plain, unread):
            await expect(tab.page.locator("#stale .stale")).to_be_visible(timeout=SLOW)
            await expect(tab.page.locator("#off")).to_be_enabled()
        await sleep.send("Page.setWebLifecycleState", {"state": "active"})
        await expect(asleep.page.locator("#stale .stale")).to_be_visible(timeout=1_000)
        await expect(others.page.locator("#stale .stale")).to_be_hidden()
        await unread.page.locator("#off").click()
        await expect(unread.page).to_have_title(re.compile("OFF, everybody on"))
        assert pair.served.gateway.services.flags.state().dial == 0
