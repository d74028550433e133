"""compose.yaml fits the Compose specification, and its parts fit each other: ports, files, settings, commands."""

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from gateway.config.settings import Settings
from tests.command_lines import parse
from tests.grafana.rules import PROMETHEUS, ROOT

COMPOSE = ROOT / "compose.yaml"
FILE: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
ONCE = {"flags"}  # runs and ends
OURS = {"gateway", "worker", "flags"}
BUILT = OURS | {"alerts"}  # from our own image
PINNED = re.compile(r"^[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*$")


def scraped() -> list[tuple[str, int]]:
    """Host and port of everything that Prometheus scrapes."""
    found = []
    for job in yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"]:
        for static in job.get("static_configs", []):
            found += [tuple(target.split(":")) for target in static["targets"]]
        for names in job.get("dns_sd_configs", []):
            found += [(name, names["port"]) for name in names["names"]]
    return [(host, int(port)) for host, port in found]


def test_it_fits_the_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_part_is_there() -> None:
    wanted = {"gateway", "worker", "postgres", "unleash", "prometheus", "alertmanager", "grafana"}
    assert wanted <= set(SERVICES)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_versions_are_pinned_and_health_is_checked(name: str) -> None:
    service = SERVICES[name]
    assert name in BUILT or PINNED.match(service["image"]), service["image"]
    assert name in ONCE or service["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_a_service_waits_for_can_come(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        condition = "service_completed_successfully" if other in ONCE else "service_healthy"
        assert how == {"condition": condition}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_ports_are_open_to_this_machine_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_files_and_volumes_that_are_mounted_exist(name: str) -> None:
    for mount in SERVICES[name].get("volumes", []):
        source = mount.split(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in FILE["volumes"], source


@pytest.mark.parametrize("name", sorted(OURS))
def test_the_gateway_is_given_settings_and_commands_that_exist(name: str) -> None:
    known = {setting.upper() for setting in Settings.model_fields}
    assert set(SERVICES[name]["environment"]) <= known
    parse(" ".join(SERVICES[name]["command"]))


def test_prometheus_scrapes_services_where_they_listen() -> None:
    listens = {"gateway": 10000, "worker": int(SERVICES["worker"]["environment"]["METRICS_PORT"]), "localhost": 9090}
    assert dict(scraped()) == listens


def test_alerts_and_queries_go_to_services() -> None:
    prometheus = (PROMETHEUS / "prometheus.yml").read_text()
    assert "targets: [alertmanager:9093]" in prometheus
    source = yaml.safe_load((ROOT / "grafana/provisioning/datasources/prometheus.yml").read_text())["datasources"][0]
    assert (source["url"], source["type"]) == ("http://prometheus:9090", "prometheus")


def test_runbooks_are_served_where_alerts_and_panels_link_to() -> None:
    prometheus = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
    assert prometheus["global"]["external_labels"]["runbooks"] == "http://localhost:3000/public/runbooks"
    assert "./docs/runbooks:/usr/share/grafana/public/runbooks:ro" in SERVICES["grafana"]["volumes"]
