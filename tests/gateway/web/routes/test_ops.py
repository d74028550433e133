"""Health, readiness, metrics, job status, request ids and logs, as platforms and operators see them."""

import json
import uuid
from importlib.metadata import version

import structlog
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from gateway.config.settings import Settings
from gateway.telemetry.log import hash_user
from pipelines.registry import Registry, find_pipelines
from tests.live_gateway import LiveGateway, running_gateway

STORED = {"user_id": "7f9c", "storage_path": "user-imports/7f9c/raw-1.json"}


async def test_health_is_as_platforms_know_it(gateway: LiveGateway) -> None:
    answer = await gateway.client.get("/health")
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"status", "service", "timestamp", "processors_available"}
    assert (body["status"], body["processors_available"]) == ("ok", True)


async def test_health_is_503_when_the_base_cannot_be_imported(settings: Settings) -> None:
    found = find_pipelines()
    usable = {"v2": found.usable["v2"]}
    async with running_gateway(settings, registry=Registry(usable, {"v1": "ImportError: gone"})) as gateway:
        answer = await gateway.client.get("/health")
    assert (answer.status_code, answer.json()["processors_available"]) == (503, False)


async def test_ready_names_every_check(gateway: LiveGateway) -> None:
    answer = await gateway.client.get("/ready")
    body = answer.json()
    assert (answer.status_code, body["ready"]) == (200, True)
    assert {name: check["ok"] for name, check in body["checks"].items()} == {
        "database": True,
        "flags": True,
        "candidate": True,
        "worker": False,  # there is none anywhere: told, but accepting goes on
    }
    assert body["checks"]["flags"]["detail"]["age_seconds"] >= 0


async def test_ready_tells_of_flags_that_cannot_be_read_and_stays_ready_on_the_last_good_ones(
    gateway: LiveGateway,
) -> None:
    (gateway.services.settings.data_dir / "flags.json").write_text("{")
    await gateway.services.flags.refresh()
    answer = await gateway.client.get("/ready")
    assert answer.status_code == 200
    detail = answer.json()["checks"]["flags"]["detail"]
    assert (detail["healthy"], bool(detail["error"])) == (False, True)


async def test_metrics_count_requests_by_template_and_unknown_paths_as_one(gateway: LiveGateway) -> None:
    await gateway.post(STORED)
    for path in ("/jobs/x", f"/jobs/{uuid.uuid4()}", "/nowhere", "/nowhere/else", "/../etc"):
        await gateway.client.get(path)
    await gateway.client.request("PROPFIND", "/nowhere")
    name = "gateway_http_request_duration_seconds_count"
    assert gateway.counted(name, method="POST", route="/process-full", status="200") == 1
    assert gateway.counted(name, method="GET", route="/jobs/{job_id}", status="422") == 1
    assert gateway.counted(name, method="GET", route="/jobs/{job_id}", status="404") == 1
    assert gateway.counted(name, method="GET", route="unknown", status="404") == 3
    assert gateway.counted(name, method="other", route="unknown", status="404") == 1


async def test_metrics_are_openmetrics_when_asked_for(gateway: LiveGateway) -> None:
    await gateway.post(STORED)
    plain = await gateway.client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain")
    assert 'gateway_decisions_total{pipeline="v1",reason="flag"} 1.0' in plain.text
    rich = await gateway.client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert rich.headers["content-type"].startswith("application/openmetrics-text")
    families = {family.name for family in text_string_to_metric_families(rich.text)}  # type: ignore[no-untyped-call]
    assert {"gateway_decisions", "gateway_http_request_duration_seconds"} <= families


async def test_job_is_shown_from_accept_to_end(gateway: LiveGateway) -> None:
    job_id = (await gateway.post(STORED)).json()["job_id"]
    shown = (await gateway.client.get(f"/jobs/{job_id}")).json()
    assert (shown["status"], shown["step"], shown["progress"]) == ("pending", "queued", 0)
    assert (shown["pipeline"], shown["reason"], shown["error"]) == ("v1", "flag", None)
    await gateway.rows(
        "update processing_jobs set status = 'failed', cancelled = true, error_message = 'because', progress = 40, "
        "started_at = created_at + interval '2 s', completed_at = created_at + interval '5 s' returning 1"
    )
    shown = (await gateway.client.get(f"/jobs/{job_id}")).json()
    assert (shown["status"], shown["error"], shown["progress"]) == ("cancelled", "because", 40)
    assert (shown["wait_seconds"], shown["run_seconds"]) == (2, 3)


async def test_unknown_job_is_404_and_a_bad_id_422(gateway: LiveGateway) -> None:
    missing = await gateway.client.get(f"/jobs/{uuid.uuid4()}")
    assert (missing.status_code, list(missing.json())) == (404, ["detail"])
    assert (await gateway.client.get("/jobs/nonsense")).status_code == 422


async def test_request_id_of_the_caller_is_kept_if_it_is_sane(gateway: LiveGateway) -> None:
    assert (await gateway.post(STORED, **{"X-Request-Id": "abc-1"})).headers["x-request-id"] == "abc-1"
    made = (await gateway.post(STORED, **{"X-Request-Id": 'a"b{}'})).headers["x-request-id"]
    assert made.isalnum()
    assert made != (await gateway.post(STORED)).headers["x-request-id"]


async def test_each_accept_leaves_one_line_without_the_user_in_it(gateway: LiveGateway) -> None:
    with structlog.testing.capture_logs() as lines:
        answer = await gateway.post(STORED)
    (line,) = [line for line in lines if line["event"] == "job_accepted"]
    assert line["job_id"] == answer.json()["job_id"]
    assert (line["pipeline"], line["reason"], line["dial"]) == ("v1", "flag", 0.0)
    assert line["revision"]
    assert line["user"] == hash_user("7f9c")
    assert "7f9c" not in json.dumps(line)


async def test_openapi_describes_the_accept_routes(gateway: LiveGateway) -> None:
    document = (await gateway.client.get("/openapi.json")).json()
    assert document["info"]["version"] == version("soulprint-gateway")
    paths = document["paths"]
    for path in ("/process-full", "/process-full-v2"):
        operation = paths[path]["post"]
        assert {"200", "400", "413", "422", "503"} <= set(operation["responses"])
        assert operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/ImportBody")
