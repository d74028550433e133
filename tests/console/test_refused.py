"""What comes from elsewhere is refused, and nothing is changed by it."""

import asyncio
import http.client
import re
from urllib.parse import urlencode

from playwright.async_api import Browser, expect

from gateway.web.console.access.session import COOKIE
from gateway.web.console.limits import EACH_MINUTE
from gateway.web.console.rendering import FOLDERS
from tests.console.served import Served, session_cookie
from tests.console.tab import Tab, open_tab

FRAMED = "<iframe src='{address}/console/now'></iframe>"


def actions() -> list[str]:
    """Where the pages' forms send their orders."""
    text = "".join(path.read_text() for folder in FOLDERS for path in folder.rglob("*.html"))
    found = re.findall(r'method="post"[^>]* action="([^"{]+)"|action="([^"{]+)"[^>]* method="post"', text)
    return sorted({one or other for one, other in found} - {"/console/login"})  # which has a page, too


def status_of(served: Served, method: str, path: str, **headers: str) -> int:
    """The answer to a request that no browser of ours would send."""
    connection = http.client.HTTPConnection("127.0.0.1", served.gateway.port, timeout=20)
    try:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        own = {"Cookie": f"{COOKIE}={session_cookie()['value']}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(
            method, path, body=urlencode({"why": "x"}) if method == "POST" else None, headers=own | given
        )
        return connection.getresponse().status
    finally:
        connection.close()


async def test_orders_from_elsewhere_change_nothing(served: Served) -> None:
    await served.gateway.set_dial(25)
    for headers in (
        {},
        {"Origin": "null", "Sec_Fetch_Site": "same-origin"},
        {"Origin": "https://elsewhere.example", "Sec_Fetch_Site": "cross-site"},
        {"Origin": served.url, "Sec_Fetch_Site": "same-site"},
        {"Origin": served.url, "Host": "elsewhere.example"},
    ):
        assert await asyncio.to_thread(status_of, served, "POST", "/console/off", **headers) == 403, headers
    assert await asyncio.to_thread(status_of, served, "GET", "/console/now", Host="elsewhere.example") == 403
    assert len(actions()) > 12
    before = await served.gateway.rows("select max(id) as id from gateway.rollout_changes")
    for path in actions():
        await asyncio.to_thread(status_of, served, "GET", f"{path}?percent=99&share-v2=99&why=x&count=1")
    assert await served.gateway.rows("select max(id) as id from gateway.rollout_changes") == before
    assert (await served.gateway.services.flags.refresh()).dial == 25
    own = {"Origin": served.url, "Sec_Fetch_Site": "same-origin"}
    assert await asyncio.to_thread(status_of, served, "POST", "/console/off", **own) == 303


async def test_no_page_can_be_put_into_a_frame(tab: Tab) -> None:
    tab.allowed = (401,)
    await tab.go("/console/now")
    await tab.page.evaluate(
        "() => { const f = document.createElement('iframe'); f.src = '/console/now'; document.body.append(f); }"
    )
    await tab.page.wait_for_function("window.reports.length > 0 || document.querySelector('iframe').contentDocument")
    assert "frame-src" in " ".join(await tab.reports()) or "default-src" in " ".join(await tab.reports())
    await tab.page.evaluate("window.reports.length = 0")
    tab.wrong.clear()


async def test_another_site_cannot_frame_a_page(tab: Tab, served: Served) -> None:
    page = FRAMED.format(address=served.url).encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + page)
        await writer.drain()
        writer.close()

    failed = list[str]()
    tab.page.on("requestfailed", lambda request: failed.append(f"{request.url} {request.failure}"))
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as elsewhere:
        await tab.page.goto(f"http://127.0.0.1:{elsewhere.sockets[0].getsockname()[1]}/")
        for _ in range(80):  # until the browser says that it did not show it
            if failed:
                break
            await tab.page.wait_for_timeout(250)
    assert "/console/now net::ERR_BLOCKED_BY_RESPONSE" in " ".join(failed)
    tab.wrong.clear()


async def test_the_eleventh_log_in_in_a_minute_is_refused(browser: Browser, served: Served) -> None:
    async with open_tab(browser, served, operator=None) as tab:
        tab.allowed = (401, 429)
        await tab.go("/console/login")
        await tab.page.get_by_label("Operator's token").fill("wrong")
        own = {"Origin": served.url, "Sec_Fetch_Site": "same-origin"}
        for _ in range(EACH_MINUTE):  # faster than one of them comes back
            assert await asyncio.to_thread(status_of, served, "POST", "/console/login", **own) == 401
        await tab.page.get_by_role("button", name="Log in").click()
        await expect(tab.page.get_by_role("alert")).to_contain_text("Too many tries")
