"""The day of v3, over real sockets: nobody on v2 moves, v3 takes its share from v2, and v2 becomes the base."""

import asyncio
import math
import uuid
from collections import Counter
from typing import Any

import pytest

from gateway.config.settings import Settings
from pipelines.registry import Registry
from tests.amount import amount
from tests.gateway.rollout.conftest import eventually
from tests.gateway.rollout.test_candidate import run
from tests.gateway.rollout.test_flag_server import with_flags_at
from tests.gateway.rollout.test_http import TOKEN, Operator
from tests.live_gateway import running_gateway
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

pytestmark = pytest.mark.scene

USERS = [f"00000000-0000-4000-8000-{n:012d}" for n in range(amount(100, 300))]
DIAL = amount(30, 10)
BEFORE = Registry({"v1": run, "v2": run}, {})
AFTER = Registry({"v1": run, "v2": run, "v3": run}, {})
WITHOUT_V1 = Registry({"v2": run, "v3": run}, {})


@pytest.fixture(params=["file", pytest.param("unleash", marks=pytest.mark.unleash)])
def flagged(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Both homes of the flags."""
    settings = Settings.model_validate({**settings.model_dump(), "operator_token": TOKEN})
    if request.param == "file":
        return settings
    server: UnleashServer = request.getfixturevalue("unleash_server")
    server.forget_flags()
    real = with_flags_at(settings, server.url, CLIENT_TOKEN, ADMIN_TOKEN)
    return real.model_copy(update={"unleash_timeout_seconds": 10.0})


class Day:
    """A gateway, asked for all users over sockets."""

    def __init__(self, operator: Operator) -> None:
        self.operator = operator
        self.name = uuid.uuid4().hex  # a request that repeats one of an earlier day would join its job
        self.round = 0

    async def given(self) -> dict[str, str]:
        """user -> the version that the accept answered."""
        self.round += 1
        found: dict[str, str] = {}
        for start in range(0, len(USERS), 20):
            users = USERS[start : start + 20]
            answers = await asyncio.gather(*(self._accepted(user) for user in users))
            found |= dict(zip(users, answers, strict=True))
        return found

    async def _accepted(self, user: str) -> str:
        for _ in range(20):
            body = {"user_id": user, "storage_path": f"user-imports/{user}/{self.round}-{self.name}.json"}
            answer = (await self.operator.gateway.post(body)).json()
            if "version" in answer:
                return str(answer["version"])
            await asyncio.sleep(0.2)  # a busy machine: 503, nothing was accepted
        raise AssertionError(f"never accepted: {answer}")

    async def tell(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        for _ in range(10):
            answer = await self.operator.ask(method, f"/admin/rollout{path}", json=body)
            if answer.status_code != 503:
                break
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def init(self) -> None:
        flags = self.operator.gateway.services.steering.changes
        assert flags is not None
        await flags._opened().init()  # what `gateway flags init` calls
        await self.operator.gateway.services.flags.refresh()


async def test_the_day_of_v3(flagged: Settings) -> None:
    async with running_gateway(flagged, registry=BEFORE) as gateway:
        day = Day(Operator(gateway, patience=60))
        await day.init()
        await day.tell("PUT", "", percent=100)
        assert set((await day.given()).values()) == {"v2"}
    async with running_gateway(flagged, registry=AFTER) as gateway:
        day = Day(Operator(gateway, patience=60))
        assert set((await day.given()).values()) == {"v2"}, "nobody moves when v3 is there"
        await day.init()
        assert set((await day.given()).values()) == {"v2"}, "nor when its flag is"
        shown = await day.tell("PUT", "", percent=DIAL)
        assert [(one["pipeline"], round(one["share"], 6)) for one in shown["versions"]] == [
            ("v3", DIAL),
            ("v2", 100 - DIAL),
        ]
        on_v3 = await day.given()
        given = Counter(on_v3.values())
        share, users = DIAL / 100, len(USERS)
        assert abs(given["v3"] - users * share) <= 4.5 * math.sqrt(users * share * (1 - share))
        assert given == {"v3": given["v3"], "v2": users - given["v3"]}, "nobody gets v1"
        await day.tell("POST", "/off")
        assert set((await day.given()).values()) == {"v2"}
        told = await day.tell("POST", "/promote", pipeline="v2", why="it has been at 100 % for weeks")
        assert (told["base"], told["changed"]) == ("v2", True)
        assert set((await day.given()).values()) == {"v2"}
        refused = await day.operator.ask("POST", "/admin/rollout/off", json={"pipeline": "v2"})
        assert refused.status_code == 400
        assert "demote" in refused.text
    async with running_gateway(flagged, registry=WITHOUT_V1) as gateway:
        day = Day(Operator(gateway, patience=60))
        assert gateway.services.flags.state().versions.base == "v2"
        assert set((await day.given()).values()) == {"v2"}, "v1's folder was deleted, and nobody needs it"
        await day.tell("POST", "/on", pipeline="v3")
        assert await day.given() == on_v3, "the ladder goes on above the new base, with the same users"
        await day.tell("POST", "/off", pipeline="v3")
        refused = await day.operator.ask("POST", "/admin/rollout/demote", json={})
        assert refused.status_code == 409
        assert "v1, which was the base before" in refused.text
        assert (await gateway.client.get("/health")).status_code == 200
    async with running_gateway(flagged, registry=AFTER) as gateway:
        day = Day(Operator(gateway, patience=60))
        assert gateway.services.flags.state().versions.base == "v2", "it outlives restarts"
        told = await day.tell("POST", "/demote")
        assert (told["base"], told["changed"]) == ("v1", True)
        assert set((await day.given()).values()) == {"v2"}
        await day.tell("POST", "/off", pipeline="v2")
        assert set((await day.given()).values()) == {"v1"}


async def test_a_promotion_is_followed_by_every_process_and_refused_while_anybody_would_move(
    settings: Settings,
) -> None:
    settings = Settings.model_validate({**settings.model_dump(), "operator_token": TOKEN})
    async with running_gateway(settings, registry=AFTER) as one, running_gateway(settings, registry=AFTER) as other:
        day = Day(Operator(one, patience=60))
        await day.tell("PUT", "", percent=99.9, pipeline="v2")
        refused = await day.operator.ask("POST", "/admin/rollout/promote", json={"pipeline": "v2"})
        assert refused.status_code == 409
        assert "99.9 %" in refused.text
        await day.tell("PUT", "", percent=100, pipeline="v2")
        await day.tell("PUT", "/force/shy", pipeline="v1")
        refused = await day.operator.ask("POST", "/admin/rollout/promote", json={"pipeline": "v2"})
        assert "shy" in refused.text
        await day.tell("PUT", "/force/shy", pipeline=None)
        assert (await day.tell("POST", "/promote", pipeline="v2", preview=True))["changed"] is False
        await day.tell("POST", "/promote", pipeline="v2")
        await eventually(lambda: other.services.flags.state().versions.base == "v2")
        job = (await other.post({"user_id": "after", "storage_path": "user-imports/after/1.json"})).json()
        (queue,) = [entry["queue_name"] for entry in await other.queued() if entry["job_id"] == job["job_id"]]
        assert (job["version"], queue) == ("v2", "primary"), "the base is nobody's candidate"
        entries = await day.operator.get("/admin/rollout/history")
        assert (entries[0]["what"], entries[0]["change"]) == ("base", "base: v1 → v2")


async def test_shares_of_all_users_become_the_flags_percentages(settings: Settings) -> None:
    settings = Settings.model_validate({**settings.model_dump(), "operator_token": TOKEN})
    async with running_gateway(settings, registry=AFTER) as gateway:
        day = Day(Operator(gateway, patience=60))
        shown = await day.tell("PUT", "", shares={"v3": 10, "v2": 20})
        assert [(one["pipeline"], one["percent"]) for one in shown["versions"]] == [("v3", 10), ("v2", 22.2)]
        assert [round(one["share"], 2) for one in shown["versions"]] == [10, 19.98]
        again = await day.tell("PUT", "", shares={"v1": 70, "v2": 20, "v3": 10})
        assert again["versions"] == shown["versions"], "the base may be named, too"
        refused = await day.operator.ask("PUT", "/admin/rollout", json={"shares": {"v1": 60, "v2": 20, "v3": 10}})
        assert (refused.status_code, "v1=60 is not the 70 % that" in refused.text) == (400, True)
        refused = await day.operator.ask("PUT", "/admin/rollout", json={"shares": {"v3": 60, "v2": 50}})
        assert refused.status_code == 400
        assert "40 % that newer versions leave" in refused.text
        entries = await day.operator.get("/admin/rollout/history")
        assert sorted(entry["after"]["candidate"] for entry in entries) == ["v2", "v3"]
