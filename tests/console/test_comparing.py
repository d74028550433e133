"""Compare in a browser: the worst pair is first, users' words stand on an opened pair only, each opening is logged."""

import re

from playwright.async_api import expect
from structlog.testing import capture_logs

from tests.console.planted import WORST, plant
from tests.console.served import OPERATOR, Served
from tests.console.tab import Tab
from tests.gateway.web.console.planted import SCRIPT

WORDS = ("Zebulon", "Lyon", "Sister Mia", "jazz", "chess", "Atlantis", "secret-user", "alert(")


async def words_outside(tab: Tab) -> list[str]:
    """Users' words in the title and the address."""
    around = f"{await tab.page.title()} {tab.page.url}"
    return [word for word in WORDS if word in around]


async def test_the_worst_pair_is_first_and_opening_it_is_logged(tab: Tab, served: Served) -> None:
    await plant(served, users=60, pairs=120)
    dialogs = list[str]()
    tab.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    with capture_logs() as logs:
        await tab.go("/console/compare")
        first = tab.page.locator(".pairs li a").first
        await expect(first).to_have_attribute("href", re.compile(WORST))
        assert [word for word in WORDS if word in await tab.page.content()] == []
        assert await words_outside(tab) == []
        assert "pair_opened" not in {one["event"] for one in logs}

        await first.click()
        await expect(tab.page).to_have_url(re.compile(WORST))
        shown = tab.page.locator("#b-fields")
        await expect(shown).to_contain_text("Lives in Lyon, moved 2023")
        await expect(shown).to_contain_text(SCRIPT)  # as text
        assert await tab.page.locator("main script").count() == 0
        async with tab.page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
            await tab.page.evaluate("document.body.dispatchEvent(new CustomEvent('changed'))")
        assert await words_outside(tab) == []
    opened = [one for one in logs if one["event"] == "pair_opened"]
    assert opened == [{"event": "pair_opened", "log_level": "info", "operator": OPERATOR, "job_id": WORST}]
    assert [word for word in WORDS if word in str(logs)] == []
    assert dialogs == []

    await tab.page.get_by_role("link", name="next (k)").click()
    await expect(tab.page).not_to_have_url(re.compile(WORST))
    await tab.page.get_by_role("link", name="previous (j)").click()
    await expect(tab.page).to_have_url(re.compile(WORST))
