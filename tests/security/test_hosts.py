"""Names that lead here: a foreign page's own name (DNS rebinding) opens nothing, and ours open all that they did."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gateway.config.hosts import leads_nowhere_else, name_of, split_hosts
from gateway.config.settings import Settings
from gateway.web.middleware.hosts import allowed_names
from tests.conftest import settings_for
from tests.live_gateway import LiveGateway, running_gateway

FOREIGN = ("evil.example", "evil.example:10000", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example.")
LOCAL = ("127.0.0.1:10000", "localhost", "LOCALHOST:1", "[::1]:10000", "127.8.9.1", "app.localhost", "x", "gateway:80")


async def get(gateway: LiveGateway, path: str, *hosts: str) -> int:
    """The status, with the hosts as they are."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    named = "".join(f"Host: {host}\r\n" for host in hosts)
    writer.write(f"GET {path} HTTP/1.1\r\n{named}Connection: close\r\n\r\n".encode())
    async with asyncio.timeout(180):
        status = int((await reader.readline()).split()[1])
    writer.close()
    return status


async def test_on_loopback_a_name_that_a_page_can_have_opens_nothing(gateway_open: LiveGateway) -> None:
    job = (await gateway_open.post({"user_id": "ann", "storage_path": "user-imports/ann/raw-1.json"})).json()["job_id"]
    for path in (f"/jobs/{job}", "/embedding-status/ann", "/status", "/generate-soulprint/ann", "/metrics"):
        assert [await get(gateway_open, path, host) for host in FOREIGN] == [403] * len(FOREIGN), path
    assert await get(gateway_open, f"/jobs/{job}", "127.0.0.1", "evil.example") in (400, 403)
    assert [await get(gateway_open, f"/jobs/{job}", host) for host in LOCAL] == [200] * len(LOCAL)
    assert [await get(gateway_open, path, "evil.example") for path in ("/health", "/ready")] == [200, 200]


async def test_listed_names_are_all_that_there_are(database_url: str, tmp_path: Path) -> None:
    settings = settings_for(database_url, data_dir=tmp_path, allowed_hosts="api.example.com, *.onrender.com, 10.0.0.5")
    async with running_gateway(settings) as gateway:
        for host in ("api.example.com", "API.example.com:443", "a.b.onrender.com", "10.0.0.5:10000"):
            assert await get(gateway, "/status", host) == 200, host
        for host in ("evil.example", "onrender.com", "xonrender.com", "localhost", "127.0.0.1"):
            assert await get(gateway, "/status", host) == 403, host


@pytest.mark.parametrize(
    ("values", "is_open"),
    [
        ({}, False),
        ({"host": "::1"}, False),
        ({"host": "0.0.0.0"}, True),
        ({"host": "0.0.0.0", "allowed_hosts": "a.example"}, False),
        ({"allowed_hosts": "*"}, True),
    ],
)
def test_where_it_listens_decides_whether_names_count(values: dict[str, str], is_open: bool) -> None:
    assert (allowed_names(Settings.model_validate(values)) is None) == is_open


@pytest.mark.parametrize("listed", ["https://a.example", "a.example/x", "a b", "a.*.example", "**"])
def test_what_is_no_name_is_told_at_the_start(listed: str) -> None:
    with pytest.raises(ValidationError, match="ALLOWED_HOSTS"):
        Settings.model_validate({"allowed_hosts": listed})


@given(st.text(), st.from_regex(r"[a-z0-9.-]{0,20}", fullmatch=True))
def test_whatever_stands_before_it_a_foreign_name_leads_elsewhere(text: str, name: str) -> None:
    leads_nowhere_else(name_of(text))
    assert not leads_nowhere_else(name_of(f"{name}.evil.example"))


def test_no_list_is_no_name() -> None:
    assert split_hosts(None) == split_hosts("") == frozenset()
