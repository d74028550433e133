"""compose's alerts arrive where somebody reads them: a real Alertmanager with the committed routes, and the log."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from gateway.cli.rehearsal.stage.ports import free_port
from tests.grafana.rules import ROOT
from tests.observability.alertmanager_server import program, running_alertmanager

PROGRAM = ROOT / "grafana" / "alertmanager" / "print_alerts.py"
CONFIG = ROOT / "grafana" / "alertmanager" / "alertmanager.yml"
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
SECONDS = 180.0


class Printer:
    """The program on a free port, and what it wrote."""

    def __init__(self, log: Path) -> None:
        self.port, self.log = free_port(), log
        with log.open("wb") as out:
            self.process = subprocess.Popen([sys.executable, str(PROGRAM), str(self.port)], stdout=out, stderr=out)
        wait_until(self._answers)

    def post(self, path: str, body: bytes) -> int:
        return httpx.post(f"http://127.0.0.1:{self.port}{path}", content=body, trust_env=False).status_code

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/", trust_env=False).is_success
        except httpx.HTTPError:
            return False


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[Printer]:
    made = Printer(tmp_path / "printed.log")
    yield made
    made.process.terminate()
    made.process.wait(20)


@pytest.mark.prometheus
@pytest.mark.skipif(program() is None, reason="no alertmanager on this machine")
def test_a_page_and_a_ticket_are_lines_in_the_log(printer: Printer, tmp_path: Path) -> None:
    def alert(name: str, severity: str) -> dict[str, dict[str, str]]:
        return {
            "labels": {"alertname": name, "severity": severity},
            "annotations": {"summary": f"{name}\nhappens", "runbook_url": f"https://runbooks.example/{name}.md"},
        }

    with running_alertmanager(tmp_path, receiver_port=printer.port) as (alertmanager, _):
        alerts = [alert("GatewayNoWorker", "page"), alert("GatewayFlagsStale", "ticket")]
        httpx.post(f"http://{alertmanager}/api/v2/alerts", json=alerts, trust_env=False).raise_for_status()
        wait_until(lambda: printer.log.read_text().count("resolved") == len(alerts))
    lines = printer.log.read_text().splitlines()
    assert len(lines) == 4
    (page,) = (line for line in lines if "PAGE FIRING" in line)
    assert re.fullmatch(
        r"\S+T\S+Z PAGE FIRING GatewayNoWorker GatewayNoWorker happens https://runbooks.example/GatewayNoWorker.md",
        page,
    )
    assert any("TICKET FIRING GatewayFlagsStale" in line for line in lines)


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"alerts": 3}', b'{"alerts": [3]}', b"", b"\xff"])
def test_what_alertmanager_would_not_send_is_refused(printer: Printer, body: bytes) -> None:
    assert printer.post("/page", body) == 400
    assert printer.post("/page", b'{"alerts": [{}]}') == 200
    assert printer.log.read_text() == "- PAGE resolved -\n"


def test_composes_alertmanager_sends_to_the_service_that_prints() -> None:
    service = SERVICES["alerts"]
    (mount,) = service["volumes"]
    source, inside, mode = mount.split(":")
    assert (ROOT / source, mode) == (PROGRAM, "ro")
    assert service["command"][:2] == ["python", inside]
    receivers = yaml.safe_load(CONFIG.read_text())["receivers"]
    addresses = {webhook["url"] for receiver in receivers for webhook in receiver["webhook_configs"]}
    assert addresses == {f"http://alerts:{service['command'][2]}/{how}" for how in ("page", "ticket")}
    assert service["image"] == SERVICES["gateway"]["image"]
    assert "environment" not in service, "it needs no secret"
