"""The committed dashboards are what the code makes, use only metrics that exist, and say what each panel is for."""

import json
import re
from typing import Any

import pytest

from docs.metric_catalogue import all_entries
from gateway.telemetry.metrics.declare import Entry
from grafana.dashboards.__main__ import BOARDS, FOLDER, text_of
from tests.grafana.rules import NAMES_A_VERSION, ROOT, RUNBOOKS, alerts, recordings

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
STANDARD = {
    "up",
    "ALERTS",
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_open_fds",
    "process_max_fds",
}
TARGET_LABELS = {"instance", "job", "le", "alertname", "alertstate"}
DRAWN = {"timeseries", "stat", "bargauge", "table", "row"}  # what `grafana/render` can draw
VARIABLES = {"instance", "pipeline", "__rate_interval", "__range"}


def board(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / name).read_text())
    return loaded


def panels(name: str) -> list[dict[str, Any]]:
    return [panel for panel in board(name)["panels"] if panel["type"] != "row"]


ALL_PANELS = [(name, panel) for name in BOARDS for panel in panels(name)]


def expressions() -> list[tuple[str, str]]:
    """Every expression of dashboards, annotations, variables and rules, with where it is from."""
    found = [(f"{name}: {panel['title']}", target["expr"]) for name, panel in ALL_PANELS for target in panel["targets"]]
    for name in BOARDS:
        found += [(f"{name}: {mark['name']}", mark["expr"]) for mark in board(name)["annotations"]["list"]]
        found += [
            (f"{name}: ${variable['name']}", re.sub(r"^label_values\((.*), \w+\)$", r"\1", variable["query"]))
            for variable in board(name)["templating"]["list"]
            if variable["type"] == "query"
        ]
    found += [(rule["record"], rule["expr"]) for rule in recordings()]
    found += [(rule["alert"], rule["expr"]) for rule in alerts()]
    return found


EXPRESSIONS = expressions()


@pytest.fixture(scope="module")
def known() -> dict[str, Entry | None]:
    """All series that there are."""
    names: dict[str, Entry | None] = {name: entry for entry in all_entries() for name in entry.series}
    return names | dict.fromkeys(STANDARD) | dict.fromkeys(rule["record"] for rule in recordings())


@pytest.mark.parametrize("name", list(BOARDS))
def test_the_committed_dashboard_is_what_the_code_makes(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == text_of(name), "run `make docs`"


def test_nothing_else_is_committed() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(BOARDS)


@pytest.mark.parametrize(("where", "expr"), EXPRESSIONS)
def test_every_metric_that_is_asked_for_exists(where: str, expr: str, known: dict[str, Entry | None]) -> None:
    used = {
        name
        for name in NAME.findall(re.sub(r'"[^"]*"', "", expr))
        if name.startswith(("gateway", "process_")) or name in STANDARD
    }
    assert used, "a query asks for something"
    assert used - set(known) == set()


@pytest.mark.parametrize(("where", "expr"), EXPRESSIONS)
def test_every_label_that_narrows_a_query_exists(where: str, expr: str, known: dict[str, Entry | None]) -> None:
    for name, matchers in re.findall(r"(gateway_\w+)\{([^}]*)\}", expr):
        entry = known[name]
        assert entry is not None
        labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", re.sub(r'"[^"]*"', '""', matchers)))
        assert labels <= {*entry.labels, *TARGET_LABELS}, name


@pytest.mark.parametrize(("name", "panel"), ALL_PANELS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_panel_says_what_it_is_and_where_to_read_on(name: str, panel: dict[str, Any]) -> None:
    assert panel["type"] in DRAWN
    assert len(panel["description"]) > 20
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults["unit"]
    assert defaults["thresholds"]["steps"]
    (link,) = panel["links"]
    runbook = link["url"].removeprefix("${runbooks}/")
    assert (RUNBOOKS / runbook).is_file(), runbook


@pytest.mark.parametrize("name", list(BOARDS))
def test_panels_do_not_lie_over_each_other_and_fit(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in board(name)["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
    numbers = [panel["id"] for panel in board(name)["panels"]]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("name", list(BOARDS))
def test_variables_that_queries_use_are_there(name: str) -> None:
    defined = {variable["name"] for variable in board(name)["templating"]["list"]}
    assert defined >= {"datasource", "instance", "pipeline", "runbooks"}
    used = {
        found
        for panel in panels(name)
        for target in panel["targets"]
        for found in re.findall(r"\$(\w+)", target["expr"])
    }
    assert used <= VARIABLES


@pytest.mark.parametrize("name", list(BOARDS))
def test_no_panel_names_a_version(name: str) -> None:
    for panel in [board(name), *panels(name)]:
        assert not NAMES_A_VERSION.search(panel["title"] + panel["description"]), panel["title"]
    assert [found for where, found in EXPRESSIONS if where.startswith(name) and NAMES_A_VERSION.search(found)] == []


def test_titles_are_unique_on_a_dashboard() -> None:
    for name in BOARDS:
        titles = [panel["title"] for panel in panels(name)]
        assert len(set(titles)) == len(titles)


def test_provisioning_finds_what_is_committed() -> None:
    text = (ROOT / "compose.yaml").read_text()
    provider = (ROOT / "grafana/provisioning/dashboards/gateway.yml").read_text()
    folder = re.search(r"path: (\S+)", provider)
    assert folder is not None
    assert f"./grafana/dashboards/json:{folder[1]}:ro" in text
