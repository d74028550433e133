"""A real Prometheus over given targets, with the committed rules, in a folder of its own."""

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from gateway.cli.rehearsal.stage.ports import free_port

START_SECONDS = 120.0
WAIT_SECONDS = 120.0

Sample = dict[str, Any]  # {"metric": {label: value}, "value": [time, "number"]}


@dataclass(slots=True)
class Prometheus:
    """A running server. `query` answers an instant query; a refused query raises with Prometheus's own words."""

    url: str
    process: subprocess.Popen[bytes]

    def query(self, expression: str) -> list[Sample]:
        return self._result("/api/v1/query", query=expression)

    def value(self, expression: str) -> float:
        """The one number that the expression gives; 0 when it gives no series."""
        found = self.query(expression)
        assert len(found) <= 1, f"{expression} gives {len(found)} series"
        return float(found[0]["value"][1]) if found else 0.0

    def rules(self) -> list[dict[str, Any]]:
        """Every rule of every group, with its health, its last error and its state."""
        answer = httpx.get(f"{self.url}/api/v1/rules", trust_env=False, timeout=10).json()
        return [rule for group in answer["data"]["groups"] for rule in group["rules"]]

    def has_evaluated(self, since: datetime) -> bool:
        """Whether each rule was evaluated after this moment."""
        return all(datetime.fromisoformat(rule["lastEvaluation"]) > since for rule in self.rules())

    def wait_for(self, what: str, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not holds():
            assert time.monotonic() < deadline, f"Prometheus does not show it within {WAIT_SECONDS:g} s: {what}"
            time.sleep(0.2)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def _result(self, path: str, **query: str) -> list[Sample]:
        answer = httpx.get(f"{self.url}{path}", params=query, trust_env=False, timeout=20).json()
        assert answer["status"] == "success", f"{query}: {answer.get('error')}"
        found: list[Sample] = answer["data"]["result"]
        return found


def start_prometheus(
    folder: Path, jobs: dict[str, str], rules: Sequence[Path], *, alertmanager: str | None = None
) -> Prometheus:
    """Scrape each job's `host:port` once a second, evaluate the rules once a second."""
    config: dict[str, Any] = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(path.resolve()) for path in rules],
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in jobs.items()
        ],
    }
    if alertmanager is not None:
        config["alerting"] = {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]}
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    port = free_port()
    program = shutil.which("prometheus")
    assert program is not None
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--enable-feature=exemplar-storage",
            ],
            stdout=log,
            stderr=log,
        )
    server = Prometheus(f"http://127.0.0.1:{port}", process)
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(server):
        assert process.poll() is None, (folder / "prometheus.log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return server


def _is_ready(server: Prometheus) -> bool:
    try:
        return httpx.get(f"{server.url}/-/ready", trust_env=False, timeout=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
