"""The gateway over a flag server that falls ill: requests go on as before, it is admitted, and it passes by itself."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from flags.change.edit import with_percent
from flags.change.errors import Conflict
from flags.control import FlagControl
from flags.document.defaults import default_document
from flags.model import TWO_VERSIONS, V2_FLAG, Rollout
from gateway.config.settings import Settings
from gateway.database.pool import Database
from gateway.rollout.changes import Made, RolloutChanges
from gateway.rollout.control import build_control
from gateway.rollout.history import By
from tests.flags.unleash.bad_server import BadServer, Mood, running
from tests.gateway.rollout.conftest import eventually
from tests.gateway.rollout.test_http import TOKEN, Operator
from tests.live_gateway import LiveGateway, running_gateway
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

USERS = [f"user-{n}" for n in range(10)]


@pytest.fixture
async def server() -> AsyncIterator[BadServer]:
    """It knows 50 %."""
    bad = BadServer(default_document())
    feature = bad.document["features"][0]
    feature["strategies"] = list(with_percent(feature["strategies"], V2_FLAG, 50))
    async with running(bad):
        yield bad


def with_flags_at(settings: Settings, url: str, client: str = "client", admin: str = "admin") -> Settings:
    names = {"unleash_url": url, "unleash_api_token": client, "unleash_admin_token": admin, "operator_token": TOKEN}
    patience = {"unleash_poll_seconds": 0.2, "unleash_timeout_seconds": 0.3}
    return Settings.model_validate({**settings.model_dump(), **names, **patience})


async def served(gateway: LiveGateway, round_: int) -> list[str]:
    """Which pipeline each user gets."""
    versions = []
    for user in USERS:
        answer = await gateway.post({"user_id": user, "storage_path": f"user-imports/{user}/{round_}.json"})
        assert answer.status_code == 200
        versions.append(answer.json()["version"])
    return versions


@pytest.mark.parametrize("mood", ["hangs", "garbage", "unauthorized"])
async def test_an_ill_flag_server_changes_no_answer_and_is_admitted(
    settings: Settings, server: BadServer, mood: Mood
) -> None:
    async with running_gateway(with_flags_at(settings, server.url)) as gateway:
        well = await served(gateway, 1)
        assert set(well) == {"v1", "v2"}
        server.mood = mood
        await eventually(lambda: not gateway.services.flags.state().healthy)
        assert await served(gateway, 2) == well
        ready = await gateway.client.get("/ready")
        detail = ready.json()["checks"]["flags"]["detail"]
        assert (ready.status_code, detail["healthy"], detail["dial"]) == (200, False, 50)
        assert detail["error"]
        assert gateway.counted("gateway_flags_healthy") == 0
        assert gateway.counted("gateway_flags_age_seconds") > 0
        server.mood = "well"
        await eventually(lambda: gateway.services.flags.state().healthy)
        assert gateway.counted("gateway_flags_healthy") == 1


@pytest.mark.parametrize("mood", ["error", "hangs"])
async def test_without_its_flag_server_a_rollback_lands_by_the_override_and_says_so(
    settings: Settings, server: BadServer, mood: Mood
) -> None:
    async with running_gateway(with_flags_at(settings, server.url)) as gateway:
        operator = Operator(gateway)
        server.mood = mood
        await eventually(lambda: not gateway.services.flags.state().healthy)
        refused = await operator.ask("POST", "/admin/rollout/off", json={"pipeline": "v9"})
        assert (refused.status_code, gateway.services.flags.state().override) == (400, None)
        assert "v2" in await served(gateway, 1)
        off = (await operator.ask("POST", "/admin/rollout/off", json={"why": "it does not answer"})).json()
        assert (off["ways"], off["fresh"], off["dial"], off["percent"]) == (["override"], False, 0, 50)
        assert off["override"]["why"] == "it does not answer"
        assert set(await served(gateway, 2)) == {"v1"}
        shown = await operator.get("/admin/rollout")
        assert (shown["fresh"], shown["dial"], shown["ways"]) == (False, 0, [])
        rows = [row["what"] for row in await operator.get("/admin/rollout/history")]
        assert rows.count("override") == 1


@pytest.mark.unleash
async def test_a_change_made_in_unleash_itself_is_seen_signed_and_respected(
    settings: Settings, unleash_server: UnleashServer
) -> None:
    unleash_server.forget_flags()
    real = with_flags_at(settings, unleash_server.url, CLIENT_TOKEN, ADMIN_TOKEN)
    real = real.model_copy(update={"unleash_timeout_seconds": 5.0})
    async with running_gateway(real) as gateway:
        operator, flags = Operator(gateway), gateway.services.flags
        control = build_control(real, TWO_VERSIONS)
        assert control is not None
        await control.init()
        await control.close()
        made = await gateway.services.steering.changes.read()
        await eventually(lambda: flags.state().rollout == made)
        await operator.ask("PUT", "/admin/rollout", json={"percent": 1, "actor": "ann"})
        home = f"/projects/default/features/{V2_FLAG}/environments/development"
        with unleash_server.admin() as admin:
            (strategy,) = admin.get(f"{home}/strategies").json()
            edit = [{"op": "replace", "path": "/parameters/rollout", "value": "100"}]
            admin.patch(f"{home}/strategies/{strategy['id']}", json=edit).raise_for_status()
        await eventually(lambda: flags.state().dial == 100)
        assert set(await served(gateway, 1)) == {"v2"}

        async def newest_is_theirs() -> bool:
            row = (await operator.get("/admin/rollout/history"))[0]
            return (row["actor"], row["via"], row["after"]["percent"]) == ("admin", "unleash", 100)

        await eventually(newest_is_theirs)
        ours = await operator.ask("PUT", "/admin/rollout", json={"percent": 0, "actor": "ann"})
        assert ours.json()["dial"] == 0
        rows = await operator.get("/admin/rollout/history")
        assert [row["actor"] for row in rows[:3]] == ["ann", "admin", "ann"]
        with unleash_server.admin() as admin:
            nobody = {"contextName": "country", "operator": "IN", "values": ["XX"]}
            segment = admin.post("/segments", json={"name": "nobody", "constraints": [nobody]}).json()["id"]
            (strategy,) = admin.get(f"{home}/strategies").json()
            admin.put(f"{home}/strategies/{strategy['id']}", json=strategy | {"segments": [segment]}).raise_for_status()
        await eventually(lambda: any("segment" in warning for warning in flags.state().warnings))
        await operator.ask("PUT", "/admin/rollout", json={"percent": 5, "actor": "ann"})
        five = await gateway.services.steering.changes.read()
        await eventually(lambda: flags.state().rollout == five)
        await eventually(lambda: gateway.services.steering.watch.caught_up)
        rows = await operator.get("/admin/rollout/history")
        assert [row["actor"] for row in rows[:3]] == ["ann", "admin", "ann"], "both ways of reading say the same of it"


@pytest.mark.unleash
async def test_each_change_between_two_looks_has_its_line(settings: Settings, unleash_server: UnleashServer) -> None:
    """Nobody polls here: what happened meanwhile is in Unleash's event log, also what leads back to where it was."""
    unleash_server.forget_flags()
    real = with_flags_at(settings, unleash_server.url, CLIENT_TOKEN, ADMIN_TOKEN)
    real = real.model_copy(update={"unleash_timeout_seconds": 10.0, "unleash_poll_seconds": 3600.0})
    async with running_gateway(real) as gateway:
        operator, services = Operator(gateway), gateway.services
        control = build_control(real, TWO_VERSIONS)
        assert control is not None
        await control.init()
        await control.close()
        await operator.ask("PUT", "/admin/rollout", json={"percent": 5, "actor": "ann"})
        home = f"/projects/default/features/{V2_FLAG}/environments"

        def turn(percent: int, environment: str = "development") -> None:
            edit = [{"op": "replace", "path": "/parameters/rollout", "value": str(percent)}]
            with unleash_server.admin() as admin:
                (strategy,) = admin.get(f"{home}/{environment}/strategies").json()
                admin.patch(f"{home}/{environment}/strategies/{strategy['id']}", json=edit).raise_for_status()

        async def lines() -> list[tuple[str, str]]:
            rows = await operator.get("/admin/rollout/history")
            return [(row["actor"], row["change"]) for row in reversed(rows)]

        begun = len(await lines())
        turn(10)
        turn(20)
        with unleash_server.admin() as admin:
            admin.post(f"{home}/development/off").raise_for_status()
            admin.post(f"{home}/production/on").raise_for_status()  # another environment: none of ours
        await services.flags.refresh()
        seen = [
            ("admin", "percent: 5 → 10; dial: 5 → 10"),
            ("admin", "percent: 10 → 20; dial: 10 → 20"),
            ("admin", "enabled: on → off; dial: 20 → 0"),
        ]

        async def all_seen() -> bool:
            return (await lines())[begun:] == seen

        await eventually(all_seen)
        turn(30)
        turn(20)
        await services.steering.watch.announce_change()  # as the webhook does; the flags say what they said before
        seen += [("admin", "percent: 20 → 30"), ("admin", "percent: 30 → 20")]
        await eventually(all_seen)
        turn(40)
        turn(20)
        await operator.ask("POST", "/admin/rollout/on", json={"actor": "ann"})
        seen += [
            ("admin", "percent: 20 → 40"),
            ("admin", "percent: 40 → 20"),
            ("ann", "enabled: off → on; dial: 0 → 20"),
        ]
        await eventually(all_seen)


@pytest.mark.unleash
async def test_of_two_operators_who_saw_the_same_only_one_is_told_ok(
    settings: Settings, database: Database, unleash_server: UnleashServer
) -> None:
    """The write goes through the database's lock: Unleash itself would take both."""
    unleash_server.forget_flags()
    real = with_flags_at(settings, unleash_server.url, CLIENT_TOKEN, ADMIN_TOKEN)
    control, other = build_control(real, TWO_VERSIONS), build_control(real, TWO_VERSIONS)
    assert control is not None
    assert other is not None
    await control.init()
    operators = [RolloutChanges(database.pool, one, kept_in="unleash") for one in (control, other)]
    for round_ in range(5):
        seen = (await control.read()).version
        told = await asyncio.gather(
            *(
                operator.make(By(f"operator {n}", "cli"), partial(set_to, 10 * n + round_, seen))
                for n, operator in enumerate(operators, start=1)
            ),
            return_exceptions=True,
        )
        (made,) = [one for one in told if isinstance(one, Made)]
        (conflict,) = [one for one in told if isinstance(one, Conflict)]
        assert conflict.current.percent == made.after.percent == (await control.read()).percent
    await control.close()
    await other.close()


async def set_to(percent: float, expected: str, control: FlagControl) -> Rollout:
    return await control.set_percent(percent, expected)
