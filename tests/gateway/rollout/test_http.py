"""`/admin/rollout` and `/explain` over HTTP: an operator reads, changes, rolls back and asks why."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway.config.settings import Settings
from gateway.rollout.all_off.switch import FLAG_SECONDS
from tests.live_gateway import LiveGateway, running_gateway

TOKEN = "an-operator-token-of-these-tests-0123456789"


class Operator:
    """Somebody who shows the token."""

    def __init__(self, gateway: LiveGateway, patience: float = FLAG_SECONDS) -> None:
        """`patience`: for the flags, before an off throws the override, too."""
        self.gateway = gateway
        gateway.services.steering.off.patience = patience

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return await self.gateway.client.request(method, path, headers=headers, **options)

    async def get(self, path: str) -> Any:
        answer = await self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def operator(settings: Settings) -> AsyncIterator[Operator]:
    with_token = Settings.model_validate({**settings.model_dump(), "operator_token": TOKEN})
    async with running_gateway(with_token) as gateway:
        yield Operator(gateway, patience=60)  # a busy machine is slow


async def test_a_stranger_sees_and_changes_nothing(operator: Operator) -> None:
    client = operator.gateway.client
    for method, path in (("GET", ""), ("PUT", ""), ("POST", "/off"), ("POST", "/on"), ("GET", "/history")):
        answer = await client.request(method, f"/admin/rollout{path}", json={"percent": 1})
        assert answer.status_code == 401
    assert (await client.get("/explain/ann")).status_code == 401
    assert (await operator.get("/admin/rollout"))["percent"] == 0


async def test_without_a_token_in_the_settings_there_are_no_such_routes(settings: Settings) -> None:
    async with running_gateway(settings) as gateway:
        assert (await gateway.client.get("/admin/rollout")).status_code == 404
        assert (await gateway.client.get("/explain/ann")).status_code == 404


async def test_the_dial_is_set_and_the_next_request_follows_it(operator: Operator) -> None:
    answer = await operator.ask("PUT", "/admin/rollout", json={"percent": 100, "actor": "ann", "why": "all of it"})
    assert answer.status_code == 200
    assert (answer.json()["dial"], answer.json()["fresh"], answer.json()["override"]) == (100, True, None)
    accepted = await operator.gateway.post({"user_id": "u", "storage_path": "b/u.json"})
    assert accepted.json()["version"] == "v2"
    (row,) = await operator.get("/admin/rollout/history")
    assert (row["actor"], row["via"], row["why"]) == ("ann", "http", "all of it")
    assert row["change"] == "percent: 0 → 100; dial: 0 → 100"


async def test_off_and_on_keep_the_percentage(operator: Operator) -> None:
    await operator.ask("PUT", "/admin/rollout", json={"percent": 100})
    off = (await operator.ask("POST", "/admin/rollout/off", json={"why": "errors"})).json()
    assert (off["dial"], off["percent"], off["enabled"]) == (0, 100, False)
    assert (await operator.gateway.post({"user_id": "u", "storage_path": "b/1.json"})).json()["version"] == "v1"
    assert (await operator.ask("POST", "/admin/rollout/on", json={})).json()["dial"] == 100
    assert [row["via"] for row in await operator.get("/admin/rollout/history")] == ["http"] * 3


async def test_the_local_override_says_so_everywhere_until_it_is_lifted(operator: Operator) -> None:
    gateway = operator.gateway
    await operator.ask("PUT", "/admin/rollout", json={"percent": 100})
    thrown = (await operator.ask("POST", "/admin/rollout/off", json={"local": True, "why": "no server"})).json()
    assert (thrown["dial"], thrown["percent"], thrown["enabled"]) == (0, 100, True)
    assert thrown["override"]["why"] == "no server"
    accepted = await gateway.post({"user_id": "u", "storage_path": "b/1.json"})
    assert accepted.json()["version"] == "v1"
    pinned = await gateway.post({"user_id": "u", "storage_path": "b/2.json"}, "/process-full-v2")
    assert pinned.json()["version"] == "v1"
    flags = (await gateway.client.get("/ready")).json()["checks"]["flags"]
    assert (flags["ok"], flags["detail"]["dial"], flags["detail"]["override"]["why"]) == (True, 0, "no server")
    told = await operator.get("/explain/u")
    assert (told["now"]["reason"], told["job"]["reason"]) == ("override", "override")
    assert told["override"]["why"] == "no server"
    assert gateway.counted("gateway_rollout_override") == 1
    assert gateway.counted("gateway_flags_dial_percent") == 0
    assert (await operator.get("/admin/rollout/history"))[0]["what"] == "override"

    lifted = (await operator.ask("POST", "/admin/rollout/on", json={"local": True})).json()
    assert (lifted["dial"], lifted["override"]) == (100, None)
    assert (await gateway.post({"user_id": "u", "storage_path": "b/3.json"})).json()["version"] == "v2"
    assert gateway.counted("gateway_rollout_override") == 0


async def test_somebody_elses_change_is_a_conflict_that_shows_it(operator: Operator) -> None:
    seen = (await operator.get("/admin/rollout"))["version"]
    await operator.ask("PUT", "/admin/rollout", json={"percent": 7})
    answer = await operator.ask("PUT", "/admin/rollout", json={"percent": 9, "expected_version": seen})
    assert answer.status_code == 409
    assert "it is now 7 %" in answer.json()["detail"]
    assert (await operator.get("/admin/rollout"))["percent"] == 7


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"percent": 101}, 400),
        ({"percent": 0.25}, 400),
        ({"percent": 5, "shadow_percent": -1}, 400),
        ({"percent": "x"}, 422),
        ({"percent": 5, "actor": ""}, 422),
    ],
)
async def test_a_wrong_change_changes_nothing(operator: Operator, body: dict[str, Any], status: int) -> None:
    before = await operator.get("/admin/rollout")
    assert (await operator.ask("PUT", "/admin/rollout", json=body)).status_code == status
    assert await operator.get("/admin/rollout") == before


async def test_both_shares_are_set_at_once(operator: Operator) -> None:
    version = (await operator.get("/admin/rollout"))["version"]
    asked = {"percent": 5, "shadow_percent": 20, "expected_version": version}
    answer = (await operator.ask("PUT", "/admin/rollout", json=asked)).json()
    assert (answer["percent"], answer["shadow_percent"]) == (5, 20)


async def test_a_user_is_forced_and_let_go(operator: Operator) -> None:
    forced = await operator.ask("PUT", "/admin/rollout/force/vip", json={"pipeline": "v2"})
    assert forced.json()["forced_in"] == ["vip"]
    assert (await operator.get("/explain/vip"))["now"]["strategy"] == "named"
    assert (await operator.ask("PUT", "/admin/rollout/force/vip", json={"pipeline": "v9"})).status_code == 400
    let_go = await operator.ask("PUT", "/admin/rollout/force/vip", json={"pipeline": None})
    assert let_go.json()["forced_in"] == []


async def test_a_preview_says_who_would_move_and_moves_nobody(operator: Operator) -> None:
    gateway = operator.gateway
    async with gateway.services.database.pool.connection() as connection:
        await connection.execute("insert into user_profiles (user_id) select 'u' || n from generate_series(1, 400) n")
    moves = await operator.get("/admin/rollout/preview?percent=50")
    assert (moves["share_before"], moves["share_after"], moves["share_moved"]) == (0, 50, 50)
    assert 140 < moves["to_candidate"] < 260
    assert (len(moves["first_to_candidate"]), moves["to_v1"]) == (100, 0)
    assert (await operator.ask("GET", "/admin/rollout/preview?percent=150")).status_code == 400
    assert (await operator.get("/admin/rollout"))["percent"] == 0


async def test_explain_tells_why_in_one_line_and_in_fields(operator: Operator) -> None:
    await operator.ask("PUT", "/admin/rollout", json={"percent": 100, "shadow_percent": 100})
    job_id = (await operator.gateway.post({"user_id": "ann", "storage_path": "b/1.json"})).json()["job_id"]
    told = await operator.get("/explain/ann")
    now = told["now"]
    assert (now["pipeline"], now["reason"], now["strategy"], now["dial"]) == ("v2", "flag", "rollout", 100)
    assert 0 <= now["bucket"] < 10_000
    assert now["threshold"] == (now["bucket"] + 1) / 100
    assert now["shadow"] in ("other", "same")
    assert "compared with" in now["shadow_why"]
    for part in ("ann: v2 (flag)", "dial 100 %", f"bucket {now['bucket']}", "shadow", now["revision"]):
        assert part in told["line"]
    assert "\n" not in told["line"]
    assert (told["job"]["job_id"], told["job"]["pipeline"], told["job"]["revision"]) == (job_id, "v2", now["revision"])
