"""Who gets into the console, who does not, and the one button, over HTTP."""

from gateway.config.settings import Settings
from tests.fakes.old_service import OldService, running_old_service
from tests.gateway.web.console.browser import NAMED, TOKEN, Browser, console_at


async def history_of(browser: Browser) -> list[dict[str, object]]:
    return await browser.gateway.rows("select * from gateway.rollout_changes where what <> 'note' order by id desc")


async def turn_on(browser: Browser, percent: float) -> None:
    changed = await browser.gateway.client.put(
        "/admin/rollout",
        json={"percent": percent, "anyway": True, "actor": "somebody"},
        headers={"Authorization": f"Bearer {NAMED}"},
    )
    assert changed.status_code == 200, changed.text
    on = await browser.gateway.client.post(
        "/admin/rollout/on", json={"anyway": True}, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert on.json()["dial"] == percent


async def test_off_asks_why_says_who_follows_and_is_undone_in_whole(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        await turn_on(browser, 25)
        rows = await history_of(browser)
        assert {row["actor"] for row in rows if row["via"] == "http"} == {"op-7"}  # whatever was said beside the token
        force = await browser.gateway.client.put(
            "/admin/rollout/force/bob", json={"pipeline": "v2"}, headers={"Authorization": f"Bearer {TOKEN}"}
        )
        before = force.json()

        off = await browser.post("/console/off", Referer=f"{browser.origin}/console/history")
        assert (off.status_code, off.headers["location"]) == (303, "/console/history")
        page = (await browser.get("/console/history")).text
        (row,) = (await history_of(browser))[:1]
        assert (row["actor"], row["via"]) == ("op-1", "console")
        for words in (
            "Off since",
            "by the flags (op-1)",
            "Undo: back to 25",
            "Say why",
            "OFF, everybody on v1",
            'data-icon="off"',
        ):
            assert words in page
        await browser.post("/console/off/why", {"row": str(row["id"]), "why": "v2 <b>writes</b> nonsense"})
        page = (await browser.get("/console/safe")).text
        assert "v2 &lt;b&gt;writes&lt;/b&gt; nonsense" in page
        assert "Say why" not in page

        undone = await browser.post("/console/off/undo", {"row": str(row["id"])})
        assert undone.status_code == 303, undone.text
        after = await browser.gateway.client.get("/admin/rollout", headers={"Authorization": f"Bearer {TOKEN}"})
        assert after.json() == before
        again = await browser.post("/console/off/undo", {"row": str(row["id"])})
        assert again.status_code == 409
        for wrong in ("", "x", "9" * 30):
            assert (await browser.post("/console/off/undo", {"row": wrong})).status_code == 404
        lifted = await browser.post("/console/off/lift")
        assert lifted.status_code == 303


async def test_off_that_was_asked_for_without_a_session_goes_through_with_the_log_in(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await turn_on(browser, 25)
        asked = await browser.post("/console/off")
        assert asked.status_code == 401
        assert "everybody gets v1 at once" in asked.text
        assert 'name="then" value="off"' in asked.text
        assert browser.gateway.services.flags.state().dial == 25
        assert (await browser.log_in(token="x" * 30, then="off")).status_code == 401
        assert browser.gateway.services.flags.state().dial == 25
        assert (await browser.log_in(then="off")).status_code == 303
        assert browser.gateway.services.flags.state().dial == 0
        assert "by the flags (op-1)" in (await browser.get("/console/now")).text

        browser.cookie = None  # the session ends while somebody types
        typed = await browser.post("/console/now/dial", {"percent": "50", "why": 'a "reason"'})
        assert typed.status_code == 401
        assert "/console/now?percent=50&amp;why=a+%22reason%22" in typed.text
        part = await browser.get("/console/now", **{"HX-Request": "true"})
        assert (part.status_code, part.headers["hx-retarget"]) == (401, "#session")
        assert (await browser.get("/console/session", **{"HX-Request": "true"})).status_code == 204
        renewed = await browser.post("/console/login", {"token": TOKEN, "name": "op-1"}, **{"HX-Request": "true"})
        assert (renewed.status_code, renewed.headers["hx-trigger"]) == (200, "session-renewed")
        elsewhere = await browser.get("/console/session", **{"HX-Request": "true"})
        assert (elsewhere.text, elsewhere.headers["hx-trigger"]) == (renewed.text, "session-renewed")
        assert (await browser.get("/console/stream", Cookie="x")).status_code == 401


async def test_what_comes_from_elsewhere_changes_nothing(settings: Settings) -> None:
    async with console_at(settings) as browser:
        await browser.log_in()
        await turn_on(browser, 25)
        for name, value in (
            ("Origin", "null"),
            ("Origin", "https://evil.example"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Host", "evil.example"),
        ):
            refused = await browser.post("/console/off", None, **{name: value})
            assert refused.status_code == 403
            assert refused.headers["content-security-policy"].startswith("default-src 'none'")
        assert (await browser.get("/console/off")).status_code in (404, 405)
        assert browser.gateway.services.flags.state().dial == 25

        cookie, browser.cookie = browser.cookie, None  # a link in an alert: the browser holds the cookie back once
        linked = await browser.get("/console/safe?at=1", **{"Sec-Fetch-Site": "cross-site"})
        assert linked.status_code == 200
        assert 'http-equiv="refresh" content="0;url=/console/safe?at=1"' in linked.text
        browser.cookie = cookie
        safe = await browser.get("/console/safe?at=1")
        assert safe.headers["referrer-policy"] == "same-origin"
        assert safe.headers["cross-origin-opener-policy"] == "same-origin"
        assert safe.headers.get_list("cache-control") == ["no-store"]
        assert safe.headers.get_list("content-security-policy") == [safe.headers["content-security-policy"]]

        entered = await browser.log_in(next="https://evil.example/console/now")
        assert entered.headers["location"] == "/console/now"
        said = entered.headers["set-cookie"]
        assert said.startswith("__Host-gateway-console=")
        assert all(word in said for word in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/"))
        out = await browser.post("/console/logout")
        assert "Max-Age=0" in out.headers["set-cookie"]
        outcomes = [(await browser.log_in(token="y" * 30)).status_code for _ in range(11)]
        assert outcomes[-1] == 429
        assert set(outcomes) == {401, 429}
        assert browser.gateway.counted("gateway_console_logins_total", outcome="too_many") >= 1
        assert browser.gateway.counted("gateway_console_logins_total", outcome="let_in") == 2


async def test_neither_keys_rates_names_nor_the_old_service_stand_in_its_way(settings: Settings) -> None:
    async with running_old_service() as old:
        await look_past_everything(settings, old)


async def look_past_everything(settings: Settings, old: OldService) -> None:
    changes: dict[str, object] = {
        "gateway_api_keys": "nR5-caller-Tx8-key-one-77d",
        "rate_limit_per_minute": 1,
        "legacy_upstream_url": old.url,
        "console_origin": "https://gateway.example.com",
        "allowed_hosts": "api.example.com",
    }
    async with console_at(settings, **changes) as browser:
        own = {"Host": "gateway.example.com", "Origin": "https://gateway.example.com"}
        login = await browser.post("/console/login", {"token": NAMED}, **own)
        assert login.status_code == 303
        for _ in range(3):
            page = await browser.get("/console/now", Host="gateway.example.com")
            assert page.status_code == 200
            assert "op-7" in page.text
        assert (await browser.get("/console/nothing", Host="gateway.example.com")).status_code == 404
        assert (await browser.get("/console/now", Host="api.example.com")).status_code == 403
        assert old.received == []


async def test_without_a_token_there_is_no_console(settings: Settings) -> None:
    async with console_at(settings, operator_token=None, operator_tokens=None) as browser:
        for path in ("/console", "/console/now", "/console/login", "/console/static/console.css"):
            assert (await browser.get(path)).status_code == 404


async def test_files_are_named_by_their_content_and_kept(settings: Settings) -> None:
    async with console_at(settings) as browser:
        page = (await browser.get("/console/login")).text
        style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        first = await browser.get(style)
        assert first.headers.get_list("cache-control") == ["public, max-age=31536000, immutable"]
        assert (first.headers["content-encoding"], first.headers["content-type"]) == ("gzip", "text/css; charset=utf-8")
        plain = await browser.get(style, **{"Accept-Encoding": "identity"})
        assert plain.content == first.content
        assert (await browser.get("/console/static/other.css")).status_code == 404
