"""A running gateway exports what the catalogue says and nothing else, in a form that Prometheus approves of."""

import os
import re
import shutil
import signal
import sys
from asyncio import create_subprocess_exec, timeout, wait_for
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as plain_families

from docs.metric_catalogue import all_entries
from gateway.config.settings import Settings
from gateway.telemetry.metrics import Metrics
from tests.grafana.rules import ROOT
from tests.live_gateway import LiveGateway, running_gateway

STORED = {"user_id": "7f9c", "storage_path": "user-imports/7f9c/raw-1.json"}
OPENMETRICS = {"Accept": "application/openmetrics-text; version=1.0.0"}
START_SECONDS = 180
STOP_SECONDS = 25
OF_THE_CLIENT = ("process_",)
ONLY_SOMETIMES = {"gateway_rollback_last_start_seconds", "gateway_rollout_last_change_timestamp_seconds"}


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[LiveGateway]:
    """A gateway that serves."""
    async with running_gateway(settings) as running:
        yield running


async def test_what_is_exported_is_in_the_catalogue_and_the_other_way_round(gateway: LiveGateway) -> None:
    await gateway.post(STORED)
    text = (await gateway.client.get("/metrics", headers=OPENMETRICS)).text
    families = {family.name: family for family in text_string_to_metric_families(text)}  # type: ignore[no-untyped-call]
    catalogue = {entry.name: entry for entry in all_entries()}
    ours = {name for name in families if not name.startswith(OF_THE_CLIENT)}
    assert ours - set(catalogue) == set()
    assert set(catalogue) - ours <= ONLY_SOMETIMES
    for name in ours:
        assert families[name].type == catalogue[name].kind, name
        labels = {label for sample in families[name].samples for label in sample.labels} - {"le"}
        assert labels <= set(catalogue[name].labels), name


def test_every_metric_that_is_declared_is_counted_somewhere() -> None:
    declared_in = {"catalogue.py", "zero.py"}
    code = "".join(path.read_text() for path in (ROOT / "gateway").rglob("*.py") if path.name not in declared_in)
    metrics = set(vars(Metrics(CollectorRegistry()))) - {"registry", "entries"}
    assert {name for name in metrics if not re.search(rf"\.{name}\b", code)} == set()


@pytest.mark.prometheus
@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
async def test_prometheus_approves_of_names_units_and_help(gateway: LiveGateway) -> None:
    await gateway.post(STORED)
    text = (await gateway.client.get("/metrics")).text
    promtool = await create_subprocess_exec("promtool", "check", "metrics", stdin=PIPE, stdout=PIPE, stderr=STDOUT)
    said, _ = await promtool.communicate(text.encode())
    assert (promtool.returncode, said.decode()) == (0, "")


async def test_an_accepted_job_is_named_by_an_exemplar_where_openmetrics_is_asked_for(gateway: LiveGateway) -> None:
    job_id = (await gateway.post(STORED)).json()["job_id"]
    rich = (await gateway.client.get("/metrics", headers=OPENMETRICS)).text
    named = [
        sample.exemplar.labels["job_id"]
        for family in text_string_to_metric_families(rich)  # type: ignore[no-untyped-call]
        for sample in family.samples
        if family.name == "gateway_jobs_accepted" and sample.exemplar
    ]
    assert named == [job_id]
    assert job_id not in (await gateway.client.get("/metrics")).text


async def test_series_are_there_before_anything_happened(gateway: LiveGateway) -> None:
    text = (await gateway.client.get("/metrics")).text
    assert 'gateway_decisions_total{pipeline="v2",reason="rolled_back"} 0.0' in text
    assert 'gateway_http_request_duration_seconds_count{method="POST",route="/process-full",status="503"} 0.0' in text
    assert 'gateway_accepts_refused_total{reason="database"} 0.0' in text


async def test_a_worker_serves_its_own_metrics_and_readiness(database_url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": database_url, "DATA_DIR": str(tmp_path), "METRICS_PORT": "0"}
    command = (sys.executable, "-m", "gateway", "worker")
    process = await create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=DEVNULL)
    try:
        assert process.stdout is not None
        told = (await wait_for(process.stdout.readline(), START_SECONDS)).decode().split()[-1]
        async with (
            httpx.AsyncClient(base_url=told.removesuffix("/metrics"), timeout=180) as client,
            timeout(START_SECONDS),
        ):
            while (ready := await client.get("/ready")).status_code != 200:
                pass
            assert set(ready.json()["checks"]) == {"database", "flags", "candidate", "worker", "confinement"}
            while "gateway_worker_registrations 0.0" in (text := (await client.get("/metrics")).text):
                pass  # it is ready a moment before its queues are
            assert (await client.post("/process-full", json=STORED)).status_code == 404
        found = {
            (sample.name, sample.labels.get("pipeline") or sample.labels.get("task")): sample.value
            for family in plain_families(text)
            for sample in family.samples
        }
        assert found["gateway_jobs_started_total", "v1"] == 0
        assert found["gateway_periodic_interval_seconds", "watch"] > 0
        assert found["gateway_worker_registrations", None] >= 1
        process.send_signal(signal.SIGTERM)
        assert await wait_for(process.wait(), STOP_SECONDS) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
