"""A real Alertmanager with the committed routes and inhibitions, and a pager on loopback that keeps what it is sent."""

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml

from gateway.cli.rehearsal.stage.ports import free_port

CONFIG = Path(__file__).parents[2] / "grafana" / "alertmanager" / "alertmanager.yml"
START_SECONDS = 120.0
PROGRAMS = ("prometheus-alertmanager", "alertmanager")


@dataclass(slots=True)
class Pager:
    """Every alert that arrived: (receiver, name, status), in order, and the alerts whole."""

    heard: list[tuple[str, str, str]] = field(default_factory=list)
    alerts: list[dict[str, Any]] = field(default_factory=list)

    def wait_for(self, receiver: str, name: str, status: str, *, seconds: float) -> dict[str, Any]:
        """The newest such alert, as soon as it is there."""
        deadline = time.monotonic() + seconds
        while (receiver, name, status) not in self.heard:
            assert time.monotonic() < deadline, f"no {status} {name} for {receiver}: {self.heard}"
            time.sleep(0.1)
        return next(a for a in reversed(self.alerts) if a["labels"]["alertname"] == name and a["status"] == status)


def program() -> str | None:
    """Alertmanager on this machine, under Debian's name or its own."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@contextmanager
def running_alertmanager(folder: Path, *, receiver_port: int | None = None) -> Iterator[tuple[str, Pager]]:
    """Start both; yields Alertmanager's `host:port` and the pager, which hears nothing if there is another receiver."""
    pager = Pager()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(pager))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    port = free_port()
    config = folder / "alertmanager.yml"
    config.write_text(yaml.safe_dump(_quick(yaml.safe_load(CONFIG.read_text()), receiver_port or httpd.server_port)))
    found = program()
    assert found is not None
    with (folder / "alertmanager.log").open("wb") as log:
        process = subprocess.Popen(
            [
                found,
                f"--config.file={config}",
                f"--storage.path={folder / 'alertmanager'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_ready(port)
        yield f"127.0.0.1:{port}", pager
    finally:
        process.terminate()
        process.wait(20)
        httpd.shutdown()
        httpd.server_close()


def _quick(config: dict[str, Any], port: int) -> dict[str, Any]:
    """The committed configuration with its waits shortened, and its webhooks turned to the port; their paths stay."""
    config["global"]["resolve_timeout"] = "5s"
    for route in (config["route"], *config["route"]["routes"]):
        route.update(group_wait="1s", group_interval="1s")
    for receiver in config["receivers"]:
        for webhook in receiver["webhook_configs"]:
            webhook["url"] = f"http://127.0.0.1:{port}{urlsplit(webhook['url']).path}"
    return config


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/-/ready", trust_env=False).is_success:
                return
        except httpx.HTTPError:
            assert time.monotonic() < deadline
        time.sleep(0.1)


def _handler(pager: Pager) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            for alert in body["alerts"]:
                pager.alerts.append(alert)
                pager.heard.append((body["receiver"], alert["labels"]["alertname"], alert["status"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    return Handler
