"""A candidate that cannot be imported: the stable pipeline goes on serving everybody, and all that look are told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from flags.model import Decision
from gateway.config.settings import Settings
from gateway.rollout.broken_candidate import WithoutCandidate
from gateway.services import open_services
from pipelines.contract import ImportRequest, Ports, Soulprint
from pipelines.registry import BrokenPipeline, Registry
from tests.gateway.jobs.conftest import Bench, DialFlags, bench, worker_settings
from tests.live_gateway import LiveGateway, running_gateway

__all__ = ["bench", "worker_settings"]

STORED = {"user_id": "ann", "storage_path": "user-imports/ann/raw-1.json"}


async def run(request: ImportRequest, ports: Ports) -> Soulprint:
    """Any pipeline."""
    raise NotImplementedError


BROKEN = Registry({"v1": run}, {"v2": "ImportError: no module named secrets_of_v2"})


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[LiveGateway]:
    async with running_gateway(settings, registry=BROKEN) as running:
        yield running


@pytest.mark.parametrize("role", ["api", "worker"])
async def test_the_process_starts_loudly(settings: Settings, role: Any) -> None:
    with structlog.testing.capture_logs() as lines:
        async with open_services(settings, role, registry=BROKEN):
            pass
    (line,) = [line for line in lines if line["event"] == "pipeline_broken"]
    assert (line["log_level"], line["pipeline"]) == ("error", "v2")
    assert "secrets_of_v2" in line["error"]


@pytest.mark.parametrize("role", ["api", "worker"])
async def test_a_broken_base_stops_the_start_with_its_name_and_reason(settings: Settings, role: Any) -> None:
    with pytest.raises(BrokenPipeline, match=r"pipeline v1 cannot be used: ImportError: gone"):
        async with open_services(settings, role, registry=Registry({"v2": run}, {"v1": "ImportError: gone"})):
            pass


async def test_health_is_of_the_base(gateway: LiveGateway) -> None:
    answer = await gateway.client.get("/health")
    assert (answer.status_code, answer.json()["processors_available"]) == (200, True)


async def test_everybody_gets_the_base_at_any_dial(gateway: LiveGateway) -> None:
    await gateway.set_dial(100)
    answer = await gateway.post(STORED)
    assert (answer.status_code, answer.json()["version"]) == (200, "v1")
    (job,) = await gateway.jobs()
    assert (job["pipeline"], job["reason"], job["dial"]) == ("v1", "candidate_broken", 100)
    assert gateway.counted("gateway_decisions_total", pipeline="v1", reason="candidate_broken") == 1


async def test_the_pinned_route_says_503_and_counts_it(gateway: LiveGateway) -> None:
    answer = await gateway.post(STORED, "/process-full-v2")
    assert (answer.status_code, answer.json()) == (503, {"detail": "pipeline v2 cannot be used"})
    assert int(answer.headers["retry-after"]) > 0
    assert gateway.counted("gateway_accepts_refused_total", reason="pipeline") == 1
    assert await gateway.jobs() == []


async def test_readiness_metrics_and_status_tell_of_it_without_its_message(gateway: LiveGateway) -> None:
    ready = await gateway.client.get("/ready")
    check = ready.json()["checks"]["candidate"]
    assert (ready.status_code, check["ok"]) == (200, False)
    assert check["detail"] == {"pipeline": "v2", "error": "ImportError"}
    assert gateway.counted("gateway_pipeline_usable", pipeline="v2") == 0
    assert gateway.counted("gateway_pipeline_usable", pipeline="v1") == 1
    deep = (await gateway.client.get("/health-deep")).json()
    assert deep["checks"]["pipelines"]["status"] == "degraded"
    status = (await gateway.client.get("/status")).json()
    assert (status["rlm_available"], status["rlm_error"]) == (True, "v2: ImportError")
    assert "secrets_of_v2" not in ready.text + str(deep) + str(status)


@pytest.mark.parametrize("pinned", [False, True])
@pytest.mark.parametrize("begun", [False, True])
async def test_what_was_accepted_for_it_runs_as_the_base(bench: Bench, pinned: bool, begun: bool) -> None:
    job_id = (await bench.accept(pipeline="v2", pinned=pinned)).job_id
    if begun:  # by a worker of the version before, which then died
        await bench.execute(
            "update processing_jobs set status = 'processing', attempts = 1, started_at = now(), worker = 'gone'"
        )
    usable = {name: run for name, run in bench.services.registry.usable.items() if name != "v2"}
    registry = Registry(usable, BROKEN.broken)
    bench.services = replace(bench.services, registry=registry, flags=WithoutCandidate(bench.flags))
    bench.start_worker()
    job = await bench.ended(job_id)
    assert (job["status"], job["pipeline"], job["reason"]) == ("complete", "v1", "rolled_back")


class Shadowing(DialFlags):
    """Decides one thing."""

    def __init__(self, decision: Decision) -> None:
        super().__init__()
        self.decision = decision

    def decide(self, user_id: str) -> Decision:
        return self.decision


@given(st.sampled_from(["v1", "v2"]), st.floats(0, 100), st.sampled_from([None, "other", "same"]))
def test_only_the_base_is_decided_on_and_nothing_compared_with_the_candidate(
    pipeline: str, dial: float, shadow: Any
) -> None:
    decided = WithoutCandidate(Shadowing(Decision(pipeline, "flag", dial, "r", shadow))).decide("ann")
    kept = None if shadow == "other" else shadow
    assert decided == Decision("v1", "candidate_broken", dial, "r", kept)
