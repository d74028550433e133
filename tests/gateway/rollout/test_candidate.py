"""A v3 by adding a folder: it has its own flag, and the same dial, rollback and explanation."""

import json
from collections.abc import AsyncIterator

import pytest

from gateway.config.settings import Settings
from gateway.services import open_services
from pipelines.contract import ImportRequest, Ports, Soulprint
from pipelines.registry import BrokenPipeline, Registry
from tests.gateway.rollout.test_http import TOKEN, Operator
from tests.live_gateway import running_gateway


async def run(request: ImportRequest, ports: Ports) -> Soulprint:
    """Any pipeline."""
    raise NotImplementedError


FOUND = Registry({"v1": run, "v2": run, "v3": run}, {})


@pytest.fixture
def v3_settings(settings: Settings) -> Settings:
    more = {"candidate_pipeline": "v3", "operator_token": TOKEN}
    return Settings.model_validate({**settings.model_dump(), **more})


@pytest.fixture
async def operator(v3_settings: Settings) -> AsyncIterator[Operator]:
    async with running_gateway(v3_settings, registry=FOUND) as gateway:
        yield Operator(gateway)


def body(user: str, n: int = 1) -> dict[str, str]:
    return {"user_id": user, "storage_path": f"user-imports/{user}/{n}.json"}


async def test_the_candidate_has_a_flag_of_its_own_and_is_ramped_up(operator: Operator, v3_settings: Settings) -> None:
    gateway = operator.gateway
    document = json.loads((v3_settings.data_dir / "flags.json").read_text())
    assert [feature["name"] for feature in document["features"]] == [
        "process-full-v2",
        "process-full-v3",
        "process-full-shadow",
    ]
    assert (await gateway.post(body("ann"))).json()["version"] == "v1"
    shown = (await operator.ask("PUT", "/admin/rollout", json={"percent": 100})).json()
    assert (shown["candidate"], shown["dial"]) == ("v3", 100)
    assert (await gateway.post(body("bob"))).json()["version"] == "v3"
    assert (await operator.get("/explain/bob"))["line"].startswith("bob: v3 (flag)")
    await operator.ask("POST", "/admin/rollout/off", json={})
    assert (await gateway.post(body("cat"))).json()["version"] == "v1"


async def test_the_pinned_route_keeps_pinning_v2(operator: Operator) -> None:
    assert (await operator.gateway.post(body("ann"), "/process-full-v2")).json()["version"] == "v2"


async def test_users_are_forced_to_the_candidate_by_its_name(operator: Operator) -> None:
    assert (await operator.ask("PUT", "/admin/rollout/force/vip", json={"pipeline": "v9"})).status_code == 400
    assert (await operator.ask("PUT", "/admin/rollout/force/vip", json={"pipeline": "v3"})).status_code == 200
    assert (await operator.gateway.post(body("vip"))).json()["version"] == "v3"


async def test_a_candidate_that_is_not_there_stops_the_start(v3_settings: Settings) -> None:
    with pytest.raises(BrokenPipeline, match="no pipeline v3: found v1, v2"):
        async with open_services(v3_settings, "api", registry=Registry({"v1": run, "v2": run}, {})):
            pass
