"""The console over HTTP, as a browser without scripting uses it."""

from gateway.config.settings import Settings
from tests.gateway.web.console.browser import console_at

PAGES = ("now", "safe", "compare", "who", "history", "jobs")


async def test_who_logs_in_sees_six_pages_and_the_button_on_each(settings: Settings) -> None:
    async with console_at(settings) as browser:
        asked = await browser.get("/console/now")
        assert (asked.status_code, asked.headers["location"]) == (303, "/console/login?next=/console/now")
        assert 'name="token"' in (await browser.get(asked.headers["location"])).text
        entered = await browser.log_in(next="/console/history?since=1")
        assert entered.status_code == 303
        assert entered.headers["location"] == "/console/history?since=1"
        for name in PAGES:
            page = await browser.get(f"/console/{name}")
            assert page.status_code == 200, page.text
            assert 'action="/console/off"' in page.text
            assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
            part = await browser.get(f"/console/{name}", **{"HX-Request": "true"})
            assert part.text.lstrip().startswith("<title>")
            assert "<html" not in part.text
