"""A unit test of rules with those rules alone that it touches: what its checks name, and all that these read.

The others would be evaluated for nothing, which takes most of the processor's time of such a test.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.grafana.rules import RULES

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


def as_text(path: Path) -> Any:
    """What the file says, with numbers as they are written: 0x120 is a series, and none of them."""
    return yaml.load(path.read_text(), yaml.BaseLoader)


def write_touched(written: dict[str, Any], into: Path, name: str) -> Path:
    """Write the unit tests `written` to `into` as `name`, beside the rules that they touch; the file of the tests."""
    groups = {path: as_text(path)["groups"] for path in RULES}
    wanted = closed([rule for found in groups.values() for group in found for rule in group["rules"]], written["tests"])
    kept = {path: list(touched(found, wanted)) for path, found in groups.items()}
    for path, found in kept.items():
        (into / f"rules-{path.name}").write_text(yaml.safe_dump({"groups": found}, sort_keys=False))
    order = [
        name for name in written.get("group_eval_order", []) if any(name in named(found) for found in kept.values())
    ]
    files = [f"rules-{path.name}" for path, found in kept.items() if found]
    tests = into / name
    tests.write_text(yaml.safe_dump({**written, "rule_files": files, "group_eval_order": order}, sort_keys=False))
    return tests


def touched(groups: list[dict[str, Any]], wanted: set[str]) -> Iterator[dict[str, Any]]:
    """The groups with the wanted rules alone; those without any are left out."""
    for group in groups:
        if rules := [rule for rule in group["rules"] if name_of(rule) in wanted]:
            yield {**group, "rules": rules}


def closed(rules: list[dict[str, Any]], tests: list[dict[str, Any]]) -> set[str]:
    """Every name in the tests' checks, and every name that the rules so called read, and so on."""
    names, read = set[str](), set(NAME.findall(yaml.safe_dump([{**test, "input_series": []} for test in tests])))
    while not read <= names:
        names |= read
        read = set[str]().union(*(NAME.findall(rule["expr"]) for rule in rules if name_of(rule) in names))
    return names


def named(groups: list[dict[str, Any]]) -> set[str]:
    return {group["name"] for group in groups}


def name_of(rule: dict[str, Any]) -> str:
    name: str = rule.get("alert") or rule["record"]
    return name
