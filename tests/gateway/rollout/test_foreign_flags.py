"""Flags that hold what the gateway never writes: served as the SDK reads them, told with the share that is served."""

import json
from typing import Any

import pytest

from flags.model import V2_FLAG
from gateway.config.settings import Settings
from tests.gateway.rollout.test_http import TOKEN, Operator
from tests.live_gateway import running_gateway

LATER = {"contextName": "currentTime", "operator": "DATE_AFTER", "values": [], "value": "2099-01-01T00:00:00Z"}


def gradual(percent: int, *constraints: Any, **parameters: Any) -> dict[str, Any]:
    given = {"rollout": str(percent), "stickiness": "userId", "groupId": V2_FLAG, **parameters}
    return {"name": "flexibleRollout", "parameters": given, "constraints": list(constraints)}


# What is in the flag, the percentage that it says, the share that is served, and what of it is named.
FOREIGN: list[tuple[dict[str, Any], float, float, str]] = [
    ({"strategies": [gradual(50, stickiness="sessionId")]}, 50, 0, "sticky on 'sessionId'"),
    ({"strategies": [gradual(50, groupId="")]}, 50, 50, "the group ''"),
    ({"strategies": [gradual(100, LATER)]}, 100, 0, "a constraint on currentTime (DATE_AFTER)"),
    ({"strategies": [{**gradual(100), "segments": [7]}]}, 100, 0, "segment 7"),
    (
        {"strategies": [gradual(100)], "dependencies": [{"feature": "parent"}]},
        100,
        0,
        "a dependency on the flag parent",
    ),
    ({"strategies": [{"name": "default"}]}, 100, 100, "strategy default"),
]
SEGMENT = {"id": 7, "constraints": [{"contextName": "userId", "operator": "IN", "values": ["only-this-one"]}]}


async def test_the_share_that_is_served_is_told_everywhere_with_a_warning(settings: Settings) -> None:
    settings = Settings.model_validate({**settings.model_dump(), "operator_token": TOKEN})
    async with running_gateway(settings) as gateway:
        operator, services = Operator(gateway), gateway.services
        for said, percent, served, named in FOREIGN:
            ours = {"name": V2_FLAG, "enabled": True, **said}
            document = {"version": 2, "features": [ours, {"name": "parent", "enabled": False}], "segments": [SEGMENT]}
            (services.settings.data_dir / "flags.json").write_text(json.dumps(document))
            await services.flags.refresh()
            ready = (await gateway.client.get("/ready")).json()["checks"]["flags"]["detail"]
            shown = await operator.get("/admin/rollout")
            for warnings in (ready["warnings"], shown["warnings"]):
                assert any(named in line and f"set to {percent:g} %" in line for line in warnings), named
            (version,) = shown["versions"]
            measured = gateway.counted("gateway_flags_measured_percent", pipeline="v2")
            assert version["measured"] == pytest.approx(measured)
            for share in (ready["dial"], version["dial"], version["share"], measured):
                assert share == pytest.approx(served, abs=0.2 if served in {0, 100} else 10), named
            assert gateway.counted("gateway_flags_set_percent", pipeline="v2") == percent
            assert gateway.counted("gateway_flags_warnings") >= 1
            path = f"user-imports/somebody/{served:g}-{percent:g}-{len(named)}.json"
            job = (await gateway.post({"user_id": "somebody", "storage_path": path})).json()
            row = next(one for one in await gateway.jobs() if one["job_id"] == job["job_id"])
            assert row["dial"] == pytest.approx(ready["dial"]), "the job records what was in force"
