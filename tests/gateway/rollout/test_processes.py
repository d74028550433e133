"""Each process says what it can run and has in force; nobody gets a version that a live process cannot run."""

from collections.abc import AsyncIterator

import pytest

from gateway.config.settings import Settings
from gateway.rollout.history import By
from gateway.rollout.processes.live import live_processes
from gateway.rollout.promotion import Promotion as Promoting
from gateway.rollout.promotion import PromotionRefused, promote
from pipelines.registry import Registry
from tests.gateway.rollout.conftest import eventually
from tests.gateway.rollout.test_candidate import run
from tests.gateway.rollout.test_http import TOKEN, Operator
from tests.live_gateway import LiveGateway, running_gateway

OLD = Registry({"v1": run, "v2": run}, {})
NEW = Registry({"v1": run, "v2": run, "v3": run}, {})


@pytest.fixture
def settings_(settings: Settings) -> Settings:
    return Settings.model_validate({**settings.model_dump(), "operator_token": TOKEN})


@pytest.fixture
async def new(settings_: Settings) -> AsyncIterator[LiveGateway]:
    """A process that knows v3."""
    async with running_gateway(settings_, registry=NEW) as gateway:
        yield gateway


async def test_in_a_rolling_deploy_nobody_gets_what_an_old_process_cannot_run(
    settings_: Settings, new: LiveGateway
) -> None:
    operator = Operator(new)
    ramp = {"steps": [10, 50], "hold_seconds": 0, "min_jobs": 1, "pipeline": "v3"}
    async with running_gateway(settings_, registry=OLD) as old:
        name = old.services.steering.report.name
        for method, path, body in (
            ("PUT", "", {"percent": 10}),
            ("PUT", "", {"shares": {"v3": 10}}),
            ("PUT", "/force/vip", {"pipeline": "v2"}),  # which old ones can run: nobody else is moved
            ("POST", "/on", {}),  # on already, at 0 %
        ):
            told = await operator.ask(method, f"/admin/rollout{path}", json=body)
            refused = "percent" in body or "shares" in body
            assert told.status_code == (409 if refused else 200), told.text
            assert (f"{name} (it has v1, v2)" in told.text) == refused
        told = await operator.ask("POST", "/admin/ramp/start", json=ramp)
        assert (told.status_code, name in told.text) == (409, True)
        with pytest.raises(PromotionRefused, match=name):
            await promote(new.services.database.pool, Promoting("v3", "v1"), By("ann", "cli"))
        assert (await operator.get("/admin/rollout"))["percent"] == 0
        told = await operator.ask("PUT", "/admin/rollout", json={"percent": 10, "anyway": True})
        assert told.json()["percent"] == 10
        lowered = await operator.ask("PUT", "/admin/rollout", json={"percent": 5})
        assert (lowered.status_code, lowered.json()["percent"]) == (200, 5)
    assert (await operator.ask("PUT", "/admin/rollout", json={"percent": 20})).status_code == 200, "it has left"


async def test_a_row_tells_what_is_in_force_there_and_goes_when_its_process_is_silent(new: LiveGateway) -> None:
    operator, pool = Operator(new), new.services.database.pool
    await operator.ask("PUT", "/admin/rollout", json={"shares": {"v3": 10, "v2": 20}})
    revision = new.services.flags.state().revision

    async def told() -> bool:
        (row,) = await operator.get("/admin/rollout/processes")
        return bool(row["flags_revision"] == revision)

    await eventually(told)
    (row,) = await operator.get("/admin/rollout/processes")
    assert (row["kind"], row["versions"], row["base"]) == ("cli", ["v1", "v2", "v3"], "v1")
    assert {version: dial["dial"] for version, dial in row["dials"].items()} == {"v3": 10, "v2": 22.2}
    assert abs(row["dials"]["v3"]["measured"] - 10) < 3.1
    assert row["flags_age_seconds"] < 60
    new.services.steering.report.runs_jobs()
    async with pool.connection() as connection:
        await new.services.steering.report.beat(connection)
        assert [one.kind for one in await live_processes(connection)] == ["cli+worker"]
        await connection.execute(
            "insert into gateway.processes (name, kind, release, beat_seconds, versions, broken, base, dials, override,"
            " flags_source, flags_revision, seen_at) values "
            "('gone', 'api', '0', 3, '{v1}', '{}', 'v1', '{}', false, 'file', '', now() - interval '10 s')"
        )
        assert "gone" not in [one.name for one in await live_processes(connection)]
