"""A ramp over flags that a real Unleash server keeps, where people move the same dial in its pages."""

import pytest

from flags.model import TWO_VERSIONS, V2_FLAG
from gateway.config.settings import Settings
from gateway.rollout.control import build_control
from gateway.rollout.guard.standing import StandingGuard, Watch
from gateway.rollout.history import By, history
from gateway.rollout.ramp.driver import RampDriver, RampInputs
from gateway.rollout.ramp.orders import RampOrders
from gateway.rollout.ramp.plan import Plan, Ramp
from gateway.rollout.ramp.store import latest
from tests.gateway.rollout.test_flag_server import with_flags_at
from tests.live_gateway import LiveGateway, running_gateway
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

ANA = By("ana", "cli")


async def look(gateway: LiveGateway) -> Ramp:
    services = gateway.services
    await services.flags.refresh()
    senses = RampInputs(services.flags.state, lambda: True)
    guard = StandingGuard(
        services.database.pool, services.steering.changes, services.flags.state, services.metrics, Watch("one")
    )
    await guard.look()
    await RampDriver(services.database.pool, services.steering.changes, senses, services.metrics).look()
    ramp = await latest(services.database.pool)
    assert ramp is not None
    return ramp


@pytest.mark.unleash
async def test_it_climbs_in_unleash_pauses_for_a_person_and_rolls_back(
    settings: Settings, unleash_server: UnleashServer
) -> None:
    unleash_server.forget_flags()
    real = with_flags_at(settings, unleash_server.url, CLIENT_TOKEN, ADMIN_TOKEN)
    real = real.model_copy(update={"unleash_timeout_seconds": 60.0})
    async with running_gateway(real) as gateway:
        services = gateway.services
        control = build_control(real, TWO_VERSIONS)
        assert control is not None
        await control.init()
        await control.close()
        orders = RampOrders(services.database.pool, services.steering.changes)
        await orders.start(Plan((0.5, 5.0, 50.0), hold_seconds=3600, min_jobs=20), ANA)
        ramp = await look(gateway)
        assert (ramp.state, ramp.target, (await services.steering.changes.read()).dial) == ("running", 0.5, 0.5)

        home = f"/projects/default/features/{V2_FLAG}/environments/development"
        with unleash_server.admin() as admin:
            (strategy,) = admin.get(f"{home}/strategies").json()
            edit = [
                {"op": "replace", "path": "/parameters/rollout", "value": "3"},
                {"op": "replace", "path": "/constraints", "value": []},
            ]
            admin.patch(f"{home}/strategies/{strategy['id']}", json=edit).raise_for_status()
        ramp = await look(gateway)
        assert (ramp.state, ramp.note) == ("paused", "somebody set the dial to 3 %, where the ramp is at 0.5 %")

        await orders.resume(ANA)
        assert ((await look(gateway)).target, (await services.steering.changes.read()).dial) == (5.0, 5.0)
        async with services.database.pool.connection() as connection:
            await connection.execute(
                "insert into processing_jobs (user_id, pipeline, reason, status, completed_at, dials) "
                "select n::text, 'v2', 'flag', 'failed', now(), jsonb '[[\"v2\", 5, true, 17]]' "
                "from generate_series(1, 12) n"
            )
        assert (await look(gateway)).state == "rolled_back"
        assert (await services.steering.changes.read()).enabled is False
        made = [(row.actor, row.via) for row in await history(services.database.pool) if row.what == "rollout"]
        assert made[:2] == [("guard", "guard"), (f"ramp {ramp.id}", "ramp")]
        assert ("admin", "unleash") in made
