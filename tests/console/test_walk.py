"""Everything that a person may do, once with a pointer and no script, once with keys alone."""

import re
import uuid

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.console.hands import MOST_STOPS, Hands, Keys, Pointer
from tests.console.served import Served
from tests.console.tab import Tab, open_tab

JOB = str(uuid.UUID(int=7))
USERS = f"""
delete from processing_jobs; delete from user_profiles; delete from gateway.published_profiles;
delete from gateway.job_orders; delete from gateway.restore_runs;
insert into processing_jobs (id, user_id, status, pipeline, reason, created_at, storage_path, failure_cause)
values ('{JOB}', 'ann', 'failed', 'v2', 'flag', now(), 'x', 'pipeline');
insert into processing_jobs (user_id, status, pipeline, reason, storage_path, failure_cause)
select 'w' || n, 'failed', 'v1', 'flag', 'x', 'pipeline' from generate_series(1, 5) n;
insert into user_profiles (user_id, pipeline, soulprint_generated_at, soulprint_text)
values ('ann', 'v2', now(), 'x'), ('bob', 'v2', now(), 'x');
insert into gateway.published_profiles (user_id, pipeline, embedding_status, soulprint_generated_at)
values ('ann', 'v1', '', now()), ('bob', 'v1', '', now())
"""
STOP = """
() => {
  const all = [...document.querySelectorAll("*")], one = document.activeElement;
  return one === document.body ? null : [all.indexOf(one), one.tabIndex, one.outerHTML.slice(0, 80)];
}
"""


def button(tab: Tab, name: str | re.Pattern[str]) -> Locator:
    return tab.page.get_by_role("button", name=name)


async def turn_the_dial(hands: Hands, served: Served) -> None:
    tab, form = hands.tab, hands.tab.page.locator("#dial-form")
    await tab.go("/console/now")
    await hands.fill(form.get_by_label(re.compile("Users on")), "40")
    if not tab.scripting:
        await hands.press(form.get_by_role("button", name="Preview"))
    await expect(tab.page.locator("#what")).to_contain_text("Price of knowing")
    await expect(tab.page.locator("#what")).to_contain_text(re.compile("Who moves"))
    await hands.fill(form.get_by_label(re.compile("Why")), "to see")
    await hands.press(form.locator("button.go"))
    await expect(tab.page.locator("#n-asked")).to_contain_text("40")
    assert (await served.gateway.services.flags.refresh()).dial == 40


async def lead_a_ramp(hands: Hands, served: Served) -> None:
    page = hands.tab.page
    await hands.press(page.get_by_role("link", name="Start a ramp"))
    await hands.fill(page.get_by_label(re.compile("^Steps")), "45, 60")
    await hands.press(button(hands.tab, "What each step costs to know"))
    await hands.fill(page.get_by_label(re.compile("^Why")), "slowly")
    await hands.press(button(hands.tab, "Start the ramp"))
    for order, state in (("Pause", "paused"), ("Resume", "running"), ("Abort the ramp", "aborted")):
        await hands.press(page.locator("#b-ramp").get_by_role("button", name=order))
        await expect(page.locator("#b-ramp")).to_contain_text(
            {"paused": "Resume", "running": "Pause", "aborted": "was aborted"}[state]
        )
        (row,) = await served.gateway.rows("select state, why from gateway.ramps order by id desc limit 1")
        assert row["state"] == state


async def call_a_user(hands: Hands, served: Served) -> None:
    page = hands.tab.page
    await hands.tab.go("/console/who")
    await hands.fill(page.get_by_label("User id or job id, whole"), "ann")
    await hands.press(button(hands.tab, "Look up"))
    await hands.choose(page.locator("#f-force"), "v2")
    await hands.fill(page.locator("#force-form").get_by_label(re.compile("Why")), "ticket 4411")
    await hands.press(button(hands.tab, "Force this user"))
    await expect(page.locator("#b-places")).to_contain_text("called in by name")
    await hands.press(page.get_by_role("link", name="All users called by name"))
    await expect(page.locator("#b-list")).to_contain_text("ann")
    await hands.press(button(hands.tab, "Let the dial decide"))
    await expect(page.locator("#b-list")).to_contain_text("Nobody is called by name")
    assert (await served.gateway.services.steering.changes.read()).forced_in == ()


async def put_data_back(hands: Hands, served: Served) -> None:
    page = hands.tab.page
    await hands.tab.go("/console/who/restore?from=v2")
    await hands.fill(page.get_by_label("How many users get their data back?"), "2")
    await hands.press(button(hands.tab, "Put back the data of 2 users"))
    await expect(page.locator("#b-progress")).to_contain_text("under way")
    (row,) = await served.gateway.rows("select count(*) as runs from gateway.restore_runs")
    assert row["runs"] == 1


async def undo_and_say_why(hands: Hands, served: Served) -> None:
    page = hands.tab.page
    await hands.tab.go("/console/compare")
    await hands.fill(page.get_by_label("Of imports, %"), "10")
    await hands.press(button(hands.tab, "Set the share"))
    await expect(page.locator("#h-share")).to_contain_text("10")
    await hands.tab.go("/console/history")
    row = page.locator(".history > li").first
    await hands.press(row.locator("summary").first)
    await hands.fill(row.get_by_label("Why was this done?"), "to learn")
    await hands.press(row.get_by_role("button", name="Add this reason"))
    await expect(page.locator(".history > li").first).to_contain_text("to learn")
    await hands.tab.go("/console/history")
    await hands.press(page.locator(".history > li .do button").first)
    await expect(page.locator(".history > li").first).to_contain_text(re.compile("shadow|compared"))
    assert (await served.gateway.services.steering.changes.read()).shadow_percent == 0


async def run_jobs_again(hands: Hands, served: Served) -> None:
    page = hands.tab.page
    await hands.tab.go("/console/jobs?status=failed")
    await hands.press(button(hands.tab, f"Retry job {JOB}"))
    await expect(page.locator(f"#job-{JOB}")).to_contain_text("pending")
    await hands.press(button(hands.tab, f"Cancel job {JOB}"))
    await expect(page.locator(f"#job-{JOB}")).to_contain_text("cancelled")
    await hands.press(page.get_by_role("link", name=re.compile("^Retry all 5 failed")))
    await hands.fill(page.locator("#b-confirm").get_by_label(re.compile("Why")), "all")
    await hands.press(button(hands.tab, "Retry 5 jobs"))
    await hands.press(button(hands.tab, re.compile("^Stop order")))
    await expect(page.locator("#b-orders")).to_contain_text("stopped")
    await hands.press(page.locator("#b-rows li").first.locator("a").last)
    await expect(page.locator("h1")).to_contain_text("job, failed")
    (row,) = await served.gateway.rows("select state, why from gateway.job_orders")
    assert (row["state"], row["why"]) == ("stopped", "all")


async def turn_all_off_and_back(hands: Hands, served: Served) -> None:
    page = hands.tab.page
    await hands.tab.go("/console/safe")
    await hands.press(page.locator("#off"))
    await expect(page).to_have_title(re.compile("OFF"))
    assert (await served.gateway.services.flags.refresh()).dial == 0
    await hands.fill(page.locator("#off-why"), "it hurts")
    await hands.press(button(hands.tab, "Say why"))
    await expect(page.locator("#strip")).to_contain_text("Why: it hurts")
    await hands.press(button(hands.tab, re.compile("^Undo: back to 40")))
    await expect(page).to_have_title(re.compile("40"))
    assert (await served.gateway.services.flags.refresh()).dial == 40
    await hands.press(button(hands.tab, "Log out"))
    await expect(page.get_by_label("Operator's token")).to_be_visible()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", [Pointer, Keys])
async def test_every_action(browser: Browser, served: Served, way: type[Pointer | Keys]) -> None:
    for statement in USERS.split(";"):
        await served.gateway.execute(statement)
    await served.gateway.set_dial(5)
    async with open_tab(browser, served, scripting=way is Keys) as tab:
        hands = way(tab)
        for act in (
            turn_the_dial, lead_a_ramp, call_a_user, put_data_back, undo_and_say_why, run_jobs_again,
            turn_all_off_and_back,
        ):  # fmt: skip
            await act(hands, served)


async def test_stops_of_the_tab_key_are_in_the_order_of_the_page(tab: Tab) -> None:
    for path in ("/console/now", "/console/jobs", "/console/compare"):
        await tab.go(path)
        stops = list[tuple[int, int, str]]()
        for _ in range(MOST_STOPS):
            await tab.page.keyboard.press("Tab")
            stop = await tab.page.evaluate(STOP)
            if stop is None:
                break
            stops.append(tuple(stop))
        assert len(stops) > 15, path
        places = [place for place, _, _ in stops]
        assert places == sorted(set(places)), f"{path}: {stops}"
        assert all(order == 0 for _, order, _ in stops)
        assert "To the off button" in stops[0][2]
