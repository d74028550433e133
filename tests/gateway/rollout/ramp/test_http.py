"""`/admin/ramp` and `/admin/restore` over HTTP."""

import pytest

from gateway.restore.run import Restorer
from gateway.restore.store import RestoreStore
from gateway.rollout.guard.store import current
from tests.gateway.restore.crowd import publish_crowd, shown
from tests.gateway.rollout.test_http import Operator, operator

__all__ = ["operator"]

PLAN = {"steps": [1, 5, 25], "hold_seconds": 60, "min_jobs": 10, "actor": "ana", "why": "first try"}


async def test_a_stranger_starts_and_stops_nothing(operator: Operator) -> None:
    client = operator.gateway.client
    for path in ("ramp/start", "ramp/pause", "ramp/resume", "ramp/abort", "restore"):
        assert (await client.post(f"/admin/{path}", json=PLAN)).status_code == 401
    assert (await operator.ask("GET", "/admin/ramp")).status_code == 404


async def test_a_ramp_is_started_paused_resumed_and_aborted(operator: Operator) -> None:
    started = await operator.ask("POST", "/admin/ramp/start", json=PLAN)
    assert started.status_code == 200
    assert started.json() == await operator.get("/admin/ramp")
    assert (started.json()["state"], started.json()["target"], started.json()["actor"]) == ("running", 1, "ana")
    again = await operator.ask("POST", "/admin/ramp/start", json=PLAN)
    assert (again.status_code, again.json()["detail"]) == (409, "a ramp is active already: abort it first")
    states = [
        (await operator.ask("POST", f"/admin/ramp/{order}", json={"actor": "ben"})).json()["state"]
        for order in ("pause", "resume", "abort")
    ]
    assert states == ["paused", "running", "aborted"]
    assert (await operator.ask("POST", "/admin/ramp/resume", json={})).status_code == 409
    changes = [(row["actor"], row["after"]["ramp"]) for row in await operator.get("/admin/rollout/history")]
    assert changes == [("ben", "aborted"), ("ben", "running"), ("ben", "paused"), ("ana", "started")]


@pytest.mark.parametrize("wrong", [{"steps": []}, {"min_jobs": 0}, {"hold_seconds": -1}, {"steps": ["x"]}])
async def test_a_plan_of_the_wrong_form_is_a_422(operator: Operator, wrong: dict[str, object]) -> None:
    assert (await operator.ask("POST", "/admin/ramp/start", json=PLAN | wrong)).status_code == 422


async def test_a_plan_that_makes_no_sense_says_why(operator: Operator) -> None:
    answer = await operator.ask("POST", "/admin/ramp/start", json=PLAN | {"steps": [5, 1]})
    assert (answer.status_code, answer.json()["detail"]) == (409, "steps must rise")


async def test_a_data_rollback_is_ordered_and_a_worker_does_it(operator: Operator) -> None:
    services = operator.gateway.services
    pool = services.database.pool
    await publish_crowd(pool, "v1", 5)
    before = await shown(pool)
    await publish_crowd(pool, "v2", 5)
    assert (await operator.get("/admin/restore"))["users"]["restorable"] == 5
    begun = await operator.ask("POST", "/admin/restore", json={"actor": "ana"})
    assert (begun.json()["run"]["state"], begun.json()["users"]["restorable"]) == ("running", 5)
    await Restorer(RestoreStore(pool), services.metrics.restored_users).look()
    now = await operator.get("/admin/restore")
    assert (now["run"]["state"], now["run"]["restored"], now["users"]["restorable"]) == ("done", 5, 0)
    assert await shown(pool) == before
    assert operator.gateway.counted("gateway_restored_users", pipeline="v1") == 5
    assert (await operator.ask("POST", "/admin/restore", json={"to": "v9"})).status_code == 400


async def test_a_data_rollback_from_v3_gives_each_user_what_an_older_version_made(operator: Operator) -> None:
    """As `gateway rollback --from`: users 1 to 6 had v1, 1 to 4 then v2, 1 and 2 then v3, and user 5 from v1 to v3."""
    services = operator.gateway.services
    pool = services.database.pool
    for pipeline, users in (("v1", 6), ("v2", 4), ("v3", 2)):
        await publish_crowd(pool, pipeline, users)
    async with pool.connection() as connection:
        await connection.execute("update user_profiles set pipeline = 'v3' where user_id like '%5'")
    unclear = await operator.ask("POST", "/admin/restore", json={})
    assert unclear.status_code == 400
    assert unclear.json()["detail"] == (
        "results of v3 (3 users) and v2 (2 users) are live beside v1: from names the one that is rolled back, "
        "to v1 means all of them"
    )
    unknown = await operator.ask("POST", "/admin/restore", json={"from": "v9"})
    assert (unknown.status_code, unknown.json()["detail"]) == (
        400,
        "there is no pipeline v9, and no result of it is live",
    )
    counted = await operator.get("/admin/restore?from=v3")
    assert (counted["run"], counted["leaving"]) == (None, {"by_version": {"v2": 2, "v1": 1}, "missing": 0})
    begun = (await operator.ask("POST", "/admin/restore", json={"from": "v3", "why": "v3 wrote nonsense"})).json()
    assert (begun["run"]["target"], begun["run"]["from"], begun["run"]["state"]) == ("v2", "v3", "running")
    await Restorer(RestoreStore(pool), services.metrics.restored_users).look()
    now = await operator.get("/admin/restore?from=v3")
    assert (now["run"]["target"], now["run"]["from"], now["run"]["state"]) == ("v1", "v3", "done")
    assert now["leaving"] == {"by_version": {}, "missing": 0}
    live = await operator.gateway.rows("select pipeline from user_profiles order by user_id")
    assert [row["pipeline"] for row in live] == ["v2", "v2", "v2", "v2", "v1", "v1"]
    told = [entry["change"] for entry in await operator.get("/admin/rollout/history")]
    assert sum("from v3 to v2" in line for line in told) == sum("from v3 to v1" in line for line in told) == 2
    await Restorer(RestoreStore(pool), services.metrics.restored_users).look()
    assert await operator.get("/admin/restore") == now, "an order is carried out once, and it is the one that is shown"


async def test_a_preview_tells_the_price_of_knowing_and_the_guard_tells_what_it_finds(operator: Operator) -> None:
    assert (await operator.gateway.client.post("/admin/ramp/preview", json={"steps": [5]})).status_code == 401
    services = operator.gateway.services
    async with services.database.pool.connection() as connection:
        await connection.execute(
            "insert into processing_jobs (user_id, pipeline, reason, status, failure_cause, dials) "
            "select n::text, 'v1', 'flag', case when n <= 20 then 'failed' else 'complete' end, "
            "case when n <= 20 then 'pipeline' end, jsonb '[[\"v2\", 0, false, 17]]' from generate_series(1, 1000) n"
        )
        await connection.execute(
            "insert into processing_jobs (user_id, pipeline, reason, status, created_at) "
            "values ('earlier', 'v1', 'flag', 'complete', now() - interval '2 days')"
        )
    answer = await operator.ask("POST", "/admin/ramp/preview", json={"steps": [5, 25, 100]})
    low, high, whole = answer.json()
    assert low["message"].startswith(
        "at 5 % and the last day's traffic (1,000 users; of 1,000 without v2, 20 failed), a doubling of failures is "
    )
    assert 0 < high["users"] < low["users"]
    assert low["hours"] == pytest.approx(low["users"] / 1000 * 24)
    assert (whole["users"], whole["hours"]) == (None, None)
    moves = await operator.get("/admin/rollout/preview?percent=25")
    assert moves["price"] == high
    assert (await operator.ask("POST", "/admin/ramp/preview", json={"steps": [500]})).status_code == 400
    assert await operator.get("/admin/rollout/guard") == []
    async with services.database.pool.connection() as connection:
        await current(connection, "v2", "v1", 60.0)
    (shown,) = await operator.get("/admin/rollout/guard")
    assert (shown["pipeline"], shown["against"], shown["state"], shown["phase"]) == (
        "v2",
        "v1",
        "watching",
        "inconclusive",
    )
