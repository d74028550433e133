"""Unleash's webhook: who may call it, and that a change in Unleash's pages reaches every process without a poll."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import psycopg
import pytest

from flags.control import open_control
from flags.model import V2_FLAG
from gateway.config.settings import Settings
from gateway.rollout.control import WebhookSettingsError, set_up_webhook
from tests.gateway.rollout.conftest import eventually
from tests.gateway.rollout.test_http import TOKEN
from tests.live_gateway import LiveGateway, running_gateway
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

WEBHOOK = "/webhooks/unleash"
SECRET = "a-token-that-unleash-shows-us-5813"
KEY = "a-key-of-the-callers-backend-2718"
HOME = f"/projects/default/features/{V2_FLAG}/environments/development"


def shown(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def with_webhook(settings: Settings, **more: Any) -> Settings:
    named = {"unleash_webhook_token": SECRET, "operator_token": TOKEN, "gateway_api_keys": KEY}
    return Settings.model_validate({**settings.model_dump(), **named, **more})


@pytest.fixture
async def guarded(settings: Settings) -> AsyncIterator[LiveGateway]:
    """Its flags are in a file; callers need a key."""
    async with running_gateway(with_webhook(settings)) as gateway:
        yield gateway


async def test_only_its_own_token_opens_it(guarded: LiveGateway) -> None:
    for headers in ({}, shown("somebody"), shown(TOKEN), shown(KEY), {"Authorization": SECRET}):
        assert (await guarded.client.post(WEBHOOK, headers=headers)).status_code == 401
    assert guarded.counted("gateway_flag_webhooks_total") == 0
    assert (await guarded.client.post(WEBHOOK, headers=shown(SECRET))).status_code == 204
    assert guarded.counted("gateway_flag_webhooks_total") == 1
    refused = await guarded.post({"user_id": "a"}, **shown(SECRET))
    assert refused.status_code == 401, "it opens nothing else"
    assert (await guarded.client.get("/admin/rollout", headers=shown(SECRET))).status_code == 401


@pytest.mark.parametrize("chunked", [False, True])
async def test_its_body_is_small_and_may_be_anything(guarded: LiveGateway, chunked: bool) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(65):
            yield b"x" * 1024

    content = parts() if chunked else b"x" * 65 * 1024
    assert (await guarded.client.post(WEBHOOK, headers=shown(SECRET), content=content)).status_code == 413
    for body in (b"", b"\x00\xff", b'{"id": 1}', b"x" * 64 * 1024):
        assert (await guarded.client.post(WEBHOOK, headers=shown(SECRET), content=body)).status_code == 204


async def test_without_a_token_it_is_not_there(settings: Settings) -> None:
    async with running_gateway(settings) as gateway:
        assert (await gateway.client.post(WEBHOOK, headers=shown(SECRET))).status_code == 404


async def test_callers_of_it_are_kept_to_the_rate(settings: Settings) -> None:
    async with running_gateway(with_webhook(settings, rate_limit_per_minute=5)) as gateway:
        codes = [(await gateway.client.post(WEBHOOK, headers=shown("a guess"))).status_code for _ in range(12)]
        assert {401, 429} == set(codes)


async def test_what_it_needs_is_named(settings: Settings) -> None:
    for missing, more in (
        ("UNLEASH_URL", {}),
        ("UNLEASH_ADMIN_TOKEN", {"unleash_url": "http://127.0.0.1:9", "unleash_api_token": "c"}),
    ):
        with pytest.raises(WebhookSettingsError, match=missing):
            await set_up_webhook(with_webhook(settings, **more), "http://127.0.0.1:1")
    with pytest.raises(ValueError, match="UNLEASH_WEBHOOK_TOKEN is missing"):
        Settings.model_validate({**settings.model_dump(), "unleash_webhook_url": "https://gateway.example.com"})
    with pytest.raises(ValueError, match="UNLEASH_WEBHOOK_TOKEN is too weak"):
        with_webhook(settings, unleash_webhook_token="secret")
    with pytest.raises(ValueError, match="UNLEASH_WEBHOOK_TOKEN is the OPERATOR_TOKEN"):
        with_webhook(settings, unleash_webhook_token=TOKEN)


@pytest.fixture
def fresh_server(unleash_server: UnleashServer) -> Iterator[UnleashServer]:
    """Without integrations, before and after: a server that still calls one which is deleted dies of it."""
    unleash_server.forget_flags()
    yield unleash_server
    unleash_server.kill()
    with psycopg.connect(
        host=unleash_server.database_host, dbname=unleash_server.database, user="postgres"
    ) as database:
        database.execute("delete from addons")
    unleash_server.start()


def integrations(server: UnleashServer) -> list[dict[str, Any]]:
    with server.admin() as admin:
        listed: list[dict[str, Any]] = admin.get("/addons").raise_for_status().json()["addons"]
        return listed


def at(gateway: LiveGateway, percent: int) -> Callable[[], bool]:
    return lambda: gateway.services.flags.state().dial == percent


def set_in_its_pages(server: UnleashServer, percent: int) -> None:
    with server.admin() as admin:
        (strategy,) = admin.get(f"{HOME}/strategies").json()
        edit = [{"op": "replace", "path": "/parameters/rollout", "value": str(percent)}]
        admin.patch(f"{HOME}/strategies/{strategy['id']}", json=edit).raise_for_status()


@pytest.mark.unleash
async def test_a_change_in_unleash_reaches_every_process_without_a_poll(
    settings: Settings, fresh_server: UnleashServer
) -> None:
    """The first process is called; the second hears of it over Postgres alone. None polls."""
    names = {"unleash_url": fresh_server.url, "unleash_api_token": CLIENT_TOKEN, "unleash_admin_token": ADMIN_TOKEN}
    real = with_webhook(settings, **names, unleash_poll_seconds=3600, unleash_timeout_seconds=10)
    control = open_control(data_dir=settings.data_dir, unleash_url=fresh_server.url, admin_token=ADMIN_TOKEN)
    await control.init()
    await control.close()
    async with running_gateway(real) as called, running_gateway(real) as other:
        await set_up_webhook(real, f"http://127.0.0.1:{called.port}/")
        fresh_server.kill()  # for a minute, it would go on with the integrations that it knew last
        fresh_server.start()
        await eventually(lambda: all(one.services.steering.watch.listening for one in (called, other)))
        for percent in (30, 60):
            set_in_its_pages(fresh_server, percent)
            await eventually(at(called, percent))
            await eventually(at(other, percent))
        assert called.counted("gateway_flag_webhooks_total") >= 1
        assert other.counted("gateway_flag_webhooks_total") == 0


@pytest.mark.unleash
async def test_it_is_set_up_once_for_an_address_and_takes_a_new_token(
    settings: Settings, fresh_server: UnleashServer
) -> None:
    names = {"unleash_url": fresh_server.url, "unleash_api_token": CLIENT_TOKEN, "unleash_admin_token": ADMIN_TOKEN}
    real, rotated = with_webhook(settings, **names), f"{SECRET}-new"
    assert await set_up_webhook(real, "https://gateway.example.com")
    assert not await set_up_webhook(real, "https://gateway.example.com/")
    assert not await set_up_webhook(
        with_webhook(settings, **names, unleash_webhook_token=rotated), "https://gateway.example.com"
    )
    assert await set_up_webhook(real, "https://other.example.com")
    found = integrations(fresh_server)
    assert sorted(one["description"].partition(", at ")[2] for one in found) == [
        f"https://gateway.example.com{WEBHOOK}",
        f"https://other.example.com{WEBHOOK}",
    ]
    assert all(one["enabled"] and one["environments"] == ["development"] for one in found)
    assert SECRET not in str(found)
    with psycopg.connect(host=fresh_server.database_host, dbname=fresh_server.database, user="postgres") as database:
        kept = {row[0] for row in database.execute("select parameters->>'authorization' from addons")}
    assert kept == {f"Bearer {SECRET}", f"Bearer {rotated}"}
