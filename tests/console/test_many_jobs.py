"""Thousands of failed jobs run again by one order: the page can be used meanwhile, and its rows stay where they are."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, expect

from gateway.jobs.orders.drive import OrderDriver
from tests.amount import amount
from tests.console.served import Served
from tests.console.tab import Tab, open_tab

JOBS = amount(1_200, 10_000)
FAILED = """
insert into processing_jobs (user_id, status, pipeline, reason, storage_path, created_at, started_at, completed_at,
                             failure_cause, attempts, error_message)
select '{prefix}' || n, 'failed', 'v1', 'flag', 'x', now() - n * interval '1 ms', now(), now(), 'dependency:storage', 3,
       'away'
from generate_series(1, {count}) n
"""
PLACES = """
() => [...document.querySelectorAll("#b-rows li")].map(one => [one.id, Math.round(one.getBoundingClientRect().top)])
"""
UNDER = "([x, y]) => document.elementFromPoint(x, y).closest('li')?.id"
AMOUNT = f"{JOBS:,}"


async def replaced(tab: Tab) -> None:
    """The page's part comes anew, as it does when something changed."""
    async with tab.page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        await tab.page.evaluate("document.body.dispatchEvent(new CustomEvent('changed'))")
    await tab.page.wait_for_timeout(100)


async def order_all(tab: Tab) -> None:
    """Retry all that match: it says first how many."""
    await tab.page.get_by_role("link", name=re.compile("^Retry all")).click()
    await expect(tab.page.locator("#b-confirm")).to_contain_text(f"{AMOUNT} jobs would begin anew")
    await tab.page.locator("#b-confirm").get_by_label("Why").fill("the storage is back")
    await tab.page.get_by_role("button", name=f"Retry {AMOUNT} jobs").click()
    await expect(tab.page.locator("#b-orders")).to_contain_text(f"0 of {AMOUNT} jobs begin anew")


@pytest.mark.timeout(600)
async def test_all_that_match_begin_anew_while_the_page_is_used(browser: Browser, tab: Tab, served: Served) -> None:
    await served.gateway.execute(FAILED.format(prefix="f", count=JOBS))
    await tab.go("/console/jobs?status=failed&since=1h")
    await order_all(tab)
    places = await tab.page.evaluate(PLACES)
    assert len(places) == 40
    box = await tab.page.locator("#b-rows li").nth(2).bounding_box()
    assert box is not None
    pointer = [box["x"] + 30, box["y"] + box["height"] / 2]
    await tab.page.mouse.move(*pointer)
    under = await tab.page.evaluate(UNDER, pointer)
    assert under == places[2][0]

    driver = OrderDriver(served.gateway.services.database.pool, lambda: "v1")
    at_work = asyncio.create_task(driver.look())  # as a worker does
    await served.gateway.execute(FAILED.format(prefix="late", count=12))
    async with open_tab(browser, served, operator="op-2") as other:
        await other.go("/console/now")
        await expect(other.page.locator("#off")).to_be_enabled()
        while not at_work.done():
            await replaced(tab)
            assert await tab.page.evaluate(PLACES) == places
            assert await tab.page.evaluate(UNDER, pointer) == under
            await other.go(f"/console/jobs/{under.removeprefix('job-')}")
            await expect(other.page.locator("h1")).to_contain_text("v1 job")
    await at_work
    await replaced(tab)
    await expect(tab.page.locator("#b-orders")).to_contain_text(f"{AMOUNT} of {AMOUNT} jobs begin anew")
    await expect(tab.page.locator("#b-waiting")).to_contain_text("12 new")
    assert await tab.page.evaluate(PLACES) == places
    (row,) = await served.gateway.rows("select count(*) as jobs from processing_jobs where status = 'pending'")
    assert row["jobs"] == JOBS
    (took,) = await served.gateway.rows("select ended_at - started_at as took from gateway.job_orders")
    print(f"{AMOUNT} jobs began anew in {took['took'].total_seconds():.1f} s")
