"""All pages, wide and narrow, light and dark: axe-core finds nothing, nothing scrolls sideways, all can be hit."""

from typing import Literal

import pytest
from playwright.async_api import Browser

from tests.console.look import what_is_wrong
from tests.console.planted import WORST, plant
from tests.console.served import Served
from tests.console.tab import Tab, open_tab

PATHS = (
    "/console/now",
    "/console/now/force",
    "/console/now?share=500&why=x",
    "/console/safe",
    "/console/compare",
    f"/console/compare/{WORST}",
    "/console/who",
    "/console/who?subject=u77",
    "/console/who?version=v2",
    "/console/history",
    "/console/jobs?since=7d",
    "/console/jobs?status=failed&since=7d",
)
Look = tuple[int, Literal["light", "dark"]]
LOOKS: tuple[Look, ...] = (
    (1280, "light"),
    (1280, "dark"),
    (640, "light"),
    (400, "light"),
    (320, "light"),
)  # 640 px: 200 % of 1280
AXE: tuple[Look, ...] = ((1280, "dark"), (320, "light"))  # both schemes, both layouts


async def look_at(tab: Tab, path: str) -> list[str]:
    """What is wrong on one page, in each width and colour scheme; axe where the two differ in more than room."""
    await tab.go(path)
    found = []
    for width, scheme in LOOKS:
        await tab.page.set_viewport_size({"width": width, "height": 800})
        await tab.page.emulate_media(color_scheme=scheme)
        wrong = await what_is_wrong(tab, rules=(width, scheme) in AXE)
        found += [f"{path} at {width} px, {scheme}: {one}" for one in wrong]
    await tab.page.set_viewport_size({"width": 1280, "height": 800})
    return found


async def test_nothing_is_wrong_while_there_is_nothing_yet(tab: Tab) -> None:
    assert [one for path in PATHS[:1] + PATHS[3:5] for one in await look_at(tab, path)] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_nothing_is_wrong_in_the_middle_of_a_rollout(tab: Tab, served: Served) -> None:
    await plant(served, users=900, pairs=200)
    tab.allowed = (404, 422)
    found = [one for path in PATHS for one in await look_at(tab, path)]
    assert not found, "\n".join(found)


async def test_nothing_moves_by_itself_while_a_page_comes_and_is_replaced(tab: Tab) -> None:
    for path in PATHS[:1] + PATHS[3:5]:
        await tab.go(path)
        asked = tab.page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true")
        async with asked:
            await tab.page.evaluate("document.body.dispatchEvent(new CustomEvent('changed'))")
        assert await tab.shift() < 0.001, path


async def test_the_log_in_and_the_page_of_a_failure_can_be_used_by_everybody(browser: Browser, served: Served) -> None:
    for width in (1280, 320):
        async with open_tab(browser, served, width=width, operator=None) as tab:
            tab.allowed = (401,)
            await tab.go("/console/now")
            assert await what_is_wrong(tab) == []
        async with open_tab(browser, served, width=width) as tab:
            tab.allowed = (404,)
            await tab.go("/console/now/there-is-none")
            assert await what_is_wrong(tab) == []
