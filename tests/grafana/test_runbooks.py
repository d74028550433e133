"""What runbooks tell somebody to type or to look at exists: commands, addresses, settings, panels and metrics."""

import json
import re
from pathlib import Path

import pytest

from docs.metric_catalogue import all_entries
from gateway.config.settings import Settings
from gateway.jobs.outbox import PATH as CALLBACK
from gateway.web.routes import ops
from tests.command_lines import parse
from tests.grafana.rules import ROOT, RUNBOOKS

PAGES = sorted(RUNBOOKS.glob("*.md"))
FENCE = re.compile(r"```console\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`(gateway [^`\n]+)`")
DASHBOARD = re.compile(r"\*(Gateway: \w+)\*")
METRIC = re.compile(r"`(gateway_\w+)`")
PANEL = re.compile(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)")
SETTING = re.compile(r"`([A-Z]+(?:_[A-Z]+)*)(?:=\w+)?`")
ADDRESS = re.compile(r"\$ curl .*?(?:http://127\.0\.0\.1:1000[01]|\$VERCEL_API_URL)(/[\w/-]+)")


def commands(page: Path) -> list[str]:
    text = page.read_text()
    prompts = [line[2:].split("  #")[0] for block in FENCE.findall(text) for line in block.splitlines()]
    return [command for command in [*prompts, *INLINE.findall(text)] if command.startswith("gateway ")]


@pytest.mark.parametrize(
    ("page", "command"), [(page.stem, command) for page in PAGES for command in sorted(set(commands(page)))]
)
def test_commands_exist(page: str, command: str) -> None:
    parse(command)


def test_rolling_back_is_five_lines_and_comes_first() -> None:
    steps = [line for line in (RUNBOOKS / "roll-back-now.md").read_text().splitlines() if re.match(r"\d\. ", line)]
    assert len(steps) == 5
    assert "gateway rollout off" in steps[0]
    index = (RUNBOOKS / "index.md").read_text()
    links = re.findall(r"\((\S+?\.md)\)", index)
    assert links[0] == "roll-back-now.md"


def test_the_index_names_every_page() -> None:
    links = set(re.findall(r"\((\S+?\.md)\)", (RUNBOOKS / "index.md").read_text()))
    assert {page.name for page in PAGES} - {"index.md"} == links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_dashboards_and_metrics_that_are_named_exist(page: Path) -> None:
    boards = {json.loads(path.read_text())["title"] for path in (ROOT / "grafana/dashboards/json").glob("*.json")}
    known = {name for entry in all_entries() for name in (entry.name, *entry.series)}
    text = page.read_text()
    assert set(DASHBOARD.findall(text)) <= boards
    assert set(METRIC.findall(text)) <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_panels_that_are_named_exist(page: Path) -> None:
    """A column of a table counts, and so does a row."""
    shown: set[str] = set()
    for path in (ROOT / "grafana/dashboards/json").glob("*.json"):
        board = json.loads(path.read_text())
        shown.add(board["title"])
        for panel in board["panels"]:
            shown.add(panel["title"])
            for change in panel.get("transformations", []):
                shown.update(change["options"].get("renameByName", {}).values())
    assert {" ".join(name.split()) for name in PANEL.findall(page.read_text())} - shown == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_settings_that_are_named_exist(page: Path) -> None:
    assert set(SETTING.findall(page.read_text())) - {name.upper() for name in Settings.model_fields} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_addresses_that_are_asked_are_answered(page: Path) -> None:
    """By API and worker alike; the web back end's is where messages are sent."""
    answered = {getattr(route, "path", "") for route in ops.router.routes} | {CALLBACK}
    text = page.read_text()
    found = ADDRESS.findall(text)
    assert len(found) == text.count("$ curl ")
    assert set(found) <= answered
