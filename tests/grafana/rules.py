"""The committed rules and their unit tests, as the tests here read them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "grafana" / "prometheus"
RULES = sorted((PROMETHEUS / "rules").glob("*.yml"))
RULE_TESTS = sorted((PROMETHEUS / "tests").glob("*.yml"))
RUNBOOKS = ROOT / "docs" / "runbooks"
NAMES_A_VERSION = re.compile(r"(?i)(?<![-(])\bv\d+\b|v2(?!\)\?)")  # but for the route /process-full-v2


def rules() -> Iterator[dict[str, Any]]:
    """All rules, alerts and recordings."""
    for path in RULES:
        for group in yaml.load(path.read_text(), yaml.CSafeLoader)["groups"]:
            yield from group["rules"]


def alerts() -> list[dict[str, Any]]:
    """The alerts."""
    return [rule for rule in rules() if "alert" in rule]


def recordings() -> list[dict[str, Any]]:
    """The recording rules."""
    return [rule for rule in rules() if "record" in rule]


def alert_names() -> list[str]:
    """Each alert's name once."""
    return sorted({alert["alert"] for alert in alerts()})
