"""Prometheus accepts the rules and passes their unit tests; every alert is tested both ways and says what to do."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.amount import WHOLE
from tests.grafana.rules import (
    NAMES_A_VERSION,
    PROMETHEUS,
    ROOT,
    RULE_TESTS,
    RULES,
    RUNBOOKS,
    alert_names,
    alerts,
    recordings,
)
from tests.grafana.touched import as_text, closed, write_touched

promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
amtool = pytest.mark.skipif(shutil.which("amtool") is None, reason="amtool is not installed")
RENAMED = {"GatewayV2Failing": "GatewayCandidateFailing", "GatewayV2Slow": "GatewayCandidateSlow"}  # old pages stay
ALERTMANAGER = ROOT / "grafana" / "alertmanager" / "alertmanager.yml"


WITH_CANDIDATE = [path for path in RULE_TESTS if "GatewayCandidate" in path.read_text()]


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def a_version_later(text: str) -> str:
    """The same of versions that came one later; what a route is called stays."""
    return re.sub(r"(?<!-)\bv(\d+)\b", lambda found: f"v{int(found[1]) + 1}", text)


@promtool
@pytest.mark.prometheus
def test_prometheus_accepts_the_rules() -> None:
    done = run("promtool", "check", "rules", *RULES)
    assert done.returncode == 0, done.stderr


@promtool
@pytest.mark.prometheus
def test_prometheus_accepts_the_configuration() -> None:
    done = run("promtool", "check", "config", PROMETHEUS / "prometheus.yml")
    assert done.returncode == 0, done.stderr


@promtool
@pytest.mark.prometheus
@pytest.mark.parametrize("path", RULE_TESTS, ids=lambda path: path.stem)
def test_alerts_fire_and_stay_silent_as_written(path: Path, tmp_path: Path) -> None:
    """In `make test-long` beside all rules, as somebody with the repository runs them; else beside those touched."""
    done = run("promtool", "test", "rules", path if WHOLE else write_touched(as_text(path), tmp_path, path.name))
    assert done.returncode == 0, done.stdout + done.stderr


@promtool
@pytest.mark.prometheus
@pytest.mark.parametrize("path", WITH_CANDIDATE, ids=lambda path: path.stem)
def test_alerts_are_the_same_for_a_third_version(path: Path, tmp_path: Path) -> None:
    """The tests that have a v2 in them, once more: v3 stands where v2 did, and v2 where v1 did."""
    written = as_text(path)
    tests = [test for test in written["tests"] if "v2" in yaml.safe_dump(test)]
    assert tests
    later = yaml.load(a_version_later(yaml.safe_dump({**written, "tests": tests})), yaml.BaseLoader)
    again = write_touched(later, tmp_path, path.name)
    assert "v3" in again.read_text()
    done = run("promtool", "test", "rules", again)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_that_are_touched_bring_those_that_they_read() -> None:
    rules = [
        {"record": "a:rate", "expr": "rate(a_total[5m])"},
        {"record": "a:share", "expr": "a:rate / on () b:rate"},
        {"record": "b:rate", "expr": "rate(b_total[5m])"},
        {"record": "c:rate", "expr": "rate(c_total[5m])"},
        {"alert": "A", "expr": "a:share > 0.1"},
    ]
    names = closed(rules, [{"input_series": [{"series": "c:rate"}], "alert_rule_test": [{"alertname": "A"}]}])
    assert {"A", "a:share", "a:rate", "b:rate"} <= names
    assert "c:rate" not in names


@pytest.mark.parametrize("rule", [*alerts(), *recordings()], ids=lambda rule: rule.get("alert") or rule["record"])
def test_no_rule_names_a_version(rule: dict[str, Any]) -> None:
    assert not NAMES_A_VERSION.search(yaml.safe_dump(rule))


@amtool
@pytest.mark.prometheus
def test_alertmanager_accepts_the_example() -> None:
    done = run("amtool", "check-config", ALERTMANAGER)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def every_check() -> list[dict[str, Any]]:
    """What the unit tests of the rules check of alerts."""
    return [
        check
        for path in RULE_TESTS
        for test in yaml.safe_load(path.read_text())["tests"]
        for check in test["alert_rule_test"]
    ]


@pytest.mark.parametrize("name", alert_names())
def test_every_alert_is_tested_both_ways(name: str, every_check: list[dict[str, Any]]) -> None:
    checks = [check for check in every_check if check["alertname"] == name]
    severities = {alert["labels"]["severity"] for alert in alerts() if alert["alert"] == name}
    fired = {fired["exp_labels"]["severity"] for check in checks for fired in check["exp_alerts"]}
    assert fired == severities, "a test makes each severity fire"
    assert any(check["exp_alerts"] == [] for check in checks), "a test keeps it silent"


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: f"{alert['alert']}-{alert['labels']['severity']}")
def test_every_alert_says_how_bad_it_is_what_it_is_and_what_to_do(alert: dict[str, dict[str, str]]) -> None:
    name = alert["alert"]
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert {"summary", "description", "runbook_url"} == set(alert["annotations"])
    assert alert["annotations"]["runbook_url"] == f"{{{{ $externalLabels.runbooks }}}}/{name}.md"
    assert (RUNBOOKS / f"{name}.md").is_file()


def test_every_runbook_of_an_alert_has_one_that_sends_there() -> None:
    written = {path.stem for path in RUNBOOKS.glob("Gateway*.md")}
    assert written - set(RENAMED) == set(alert_names())


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_the_page_of_an_alert_that_was_renamed_points_to_the_new_one(old: str, new: str) -> None:
    assert re.findall(r"\((\w+\.md)\)", (RUNBOOKS / f"{old}.md").read_text())[0] == f"{new}.md"
    assert new in alert_names()


def test_alertmanager_knows_only_alerts_that_exist() -> None:
    text = ALERTMANAGER.read_text()
    assert set(re.findall(r"Gateway\w+", text)) <= set(alert_names())
    assert "inhibit_rules" in yaml.safe_load(text)
