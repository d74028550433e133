"""Foreign web pages that make a browser call: nothing changes; callers that are no browsers notice nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.web.middleware.cross_site import may_anybody, origin_of
from tests.conftest import settings_for
from tests.live_gateway import PATHS, LiveGateway, running_gateway
from tests.security.conftest import OPERATOR, bearer

STORED = {"user_id": "ann", "storage_path": "user-imports/ann/raw-1.json"}
OURS = "https://app.example.com"
FOREIGN: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://evil.example", "Host": "evil.example"},  # its name leads here: a browser takes us for its own
    {"Origin": "https://app.example.com.evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Referer": "https://evil.example/page"},
    {"Referer": "x:/["},
]
OTHERS: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Mode": "cors"},  # what Node's fetch sends
    {"Sec-Fetch-Site": "none"},  # typed into the address bar
    {"Origin": OURS, "Sec-Fetch-Site": "cross-site"},
    {"Referer": f"{OURS}/page", "Sec-Fetch-Site": "cross-site"},
]


def without_host(headers: dict[str, str]) -> dict[str, str]:
    """A name that leads here is refused by itself: `test_hosts`."""
    return {name: value for name, value in headers.items() if name != "Host"}


@pytest.fixture
async def paged(database_url: str, tmp_path: Path) -> AsyncIterator[LiveGateway]:
    """A gateway that one web page may call, and operators."""
    settings = settings_for(database_url, data_dir=tmp_path, cors_origins=OURS, operator_token=OPERATOR)
    async with running_gateway(settings) as running:
        yield running


async def test_a_foreign_page_changes_nothing(paged: LiveGateway) -> None:
    gets = ("/generate-soulprint/ann", "/generate-soulprint/ann/", "/test-embed", "/test-patch")
    for headers in FOREIGN:
        shown = headers | bearer(OPERATOR)
        refused = [
            await paged.post(STORED, path, **headers) for path in (*PATHS, "/chat", "/process-import", "/nowhere")
        ]
        refused += [await paged.client.get(path, headers=headers) for path in gets]
        refused.append(await paged.client.put("/admin/rollout", json={"percent": 100}, headers=shown))
        for answer in refused:
            assert (answer.status_code, list(answer.json())) == (403, ["detail"]), (headers, answer.text)
            assert "CORS_ORIGINS" in answer.text or "Host" in headers
        assert await paged.jobs() == [], headers


async def test_nor_does_one_that_says_nothing_of_the_kind_of_its_body(paged: LiveGateway) -> None:
    """The browser asks nobody before it sends this."""
    body = (
        b'{"user_id":"ann","conversations":[{"id":"c","messages":[{"role":"user","content":"I live on Atlantis."}]}]}'
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", paged.port)
    head = b"POST /process-full HTTP/1.1\r\nHost: evil.example\r\nOrigin: https://evil.example\r\n"
    writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    async with asyncio.timeout(180):
        assert (await reader.readline()).startswith(b"HTTP/1.1 403 ")
    writer.close()
    assert await paged.jobs() == []


async def test_all_others_notice_nothing(paged: LiveGateway) -> None:
    for headers in OTHERS:
        for path in PATHS:
            assert (await paged.post(STORED, path, **headers)).status_code == 200, headers
        answer = await paged.client.get("/generate-soulprint/ann", headers=headers)
        assert (answer.status_code, answer.json()["success"]) == (200, False), headers
        assert (await paged.client.get("/test-patch", headers=headers)).json()["success"], headers


async def test_what_is_about_nobody_is_answered_everywhere_and_what_is_about_a_person_is_not(
    paged: LiveGateway,
) -> None:
    job = (await paged.post(STORED)).json()["job_id"]
    for headers in FOREIGN:
        for path in ("/health", "/ready", "/status", "/metrics", "/health/", "/openapi.json"):
            answer = await paged.client.get(path, headers=without_host(headers))
            assert answer.status_code in (200, 503), (headers, path)
        for path in (f"/jobs/{job}", "/embedding-status/ann", "/explain/ann", "/admin/rollout"):
            answer = await paged.client.get(path, headers=headers | bearer(OPERATOR))
            assert (answer.status_code, job in answer.text) == (403, False), (headers, path)


async def test_a_link_that_somebody_follows_shows_them_where_it_leads(paged: LiveGateway) -> None:
    job = (await paged.post(STORED)).json()["job_id"]
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert (await paged.client.get(f"/jobs/{job}", headers=followed)).status_code == 200
    framed = followed | {"Sec-Fetch-Dest": "iframe"}
    assert (await paged.client.get(f"/jobs/{job}", headers=framed)).status_code == 403
    assert (await paged.client.get("/generate-soulprint/ann", headers=followed)).status_code == 403


async def test_where_every_page_may_call_none_is_foreign(database_url: str, tmp_path: Path) -> None:
    async with running_gateway(settings_for(database_url, data_dir=tmp_path, cors_origins="*")) as gateway:
        for headers in map(without_host, FOREIGN):
            assert (await gateway.post(STORED, **headers)).status_code == 200


@given(st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "TRACE", "get"]), st.text())
def test_whatever_is_not_known_to_be_safe_may_change_something(method: str, path: str) -> None:
    assert not may_anybody({"method": method, "path": path, "headers": []})


@given(st.text())
def test_any_text_may_stand_for_the_page_before(text: str) -> None:
    assert origin_of(f"{OURS}/{text}") == OURS
    origin_of(text)
