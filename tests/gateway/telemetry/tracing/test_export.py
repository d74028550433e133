"""Spans on their way to a collector, and what happens when there is none, no package, or no wish for any."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pydantic import ValidationError

from gateway.config.settings import Settings
from gateway.jobs.accept.accepter import Accepter
from gateway.server.uvicorn_server import bind
from gateway.telemetry.tracing.marks import UNTRACED
from gateway.web.app import create_app
from gateway.web.middleware.trace_context import TraceContext
from tests.live_gateway import running_gateway

BODY = {"user_id": "ana", "storage_path": "user-imports/ana/raw.json"}
IMPORTS_NOTHING = """
import asyncio, sys
from gateway.web.app import create_app
from gateway.services import open_services
from gateway.config.settings import Settings

async def main():
    async with open_services(Settings()) as services:
        create_app(services)
        assert not [name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))]

asyncio.run(main())
"""
WITHOUT_THE_EXTRA = """
import sys
sys.modules["opentelemetry.sdk"] = sys.modules["opentelemetry.exporter"] = None
sys.argv = ["gateway", "serve", "--port", "0"]
from gateway.__main__ import main
main()
"""


@dataclass
class Collector:
    """What an OpenTelemetry collector was sent."""

    url: str = ""
    paths: list[str] = field(default_factory=list)
    received: list[ExportTraceServiceRequest] = field(default_factory=list)


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on loopback: OTLP over HTTP."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.paths.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"]))
            collector.received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()


async def test_a_collector_has_every_span_when_the_process_has_stopped(settings: Settings) -> None:
    with collecting() as collector:
        told = settings.model_copy(update={"otel_exporter_otlp_endpoint": f"{collector.url}/"})
        async with running_gateway(told) as gateway:
            job_id = (await gateway.post(BODY)).json()["job_id"]
    assert collector.paths == ["/v1/traces"]
    (resource,) = collector.received[0].resource_spans
    service = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert service["service.name"] == "soulprint-gateway"
    (span,) = resource.scope_spans[0].spans
    assert span.name == "accept"
    assert span.trace_id.hex() == job_id.replace("-", "")


async def test_a_collector_that_is_away_is_in_nobodys_way(settings: Settings) -> None:
    with bind("127.0.0.1", 0) as taken:
        away = f"http://127.0.0.1:{taken.getsockname()[1]}"
    async with running_gateway(settings.model_copy(update={"otel_exporter_otlp_endpoint": away})) as gateway:
        assert (await gateway.post(BODY)).status_code == 200


async def test_nothing_is_put_in_the_way_when_it_is_off(settings: Settings) -> None:
    async with running_gateway(settings) as gateway:
        assert gateway.services.tracing is UNTRACED
        assert type(gateway.services.accepter) is Accepter
        app = create_app(gateway.services)
        names = [getattr(middleware.cls, "__name__", "") for middleware in app.user_middleware]
        assert "Exchange" in names
        assert TraceContext.__name__ not in names


def test_opentelemetry_is_not_even_imported_when_it_is_off(settings: Settings, tmp_path: Path) -> None:
    assert settings.database_url is not None
    done = run_python(IMPORTS_NOTHING, tmp_path, DATABASE_URL=settings.database_url.get_secret_value())
    assert done.returncode == 0, done.stderr


def test_a_missing_package_is_a_start_up_error_that_names_the_extra(tmp_path: Path) -> None:
    done = run_python(WITHOUT_THE_EXTRA, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4318")
    assert done.returncode == 1
    assert "install the extra `tracing`" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="otel_exporter_otlp_endpoint"):
        Settings.model_validate({"otel_exporter_otlp_endpoint": "collector:4317"})


def run_python(code: str, data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **environment},
    )
