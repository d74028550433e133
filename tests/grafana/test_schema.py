"""The dashboards' JSON against a schema made from Grafana's own types (`npm run schema` in grafana/render)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

GRAFANA = Path(__file__).parents[2] / "grafana"
BOARDS = sorted((GRAFANA / "dashboards" / "json").glob("*.json"))
SCHEMA = json.loads((GRAFANA / "render" / "dashboard.schema.json").read_text())

# Fields that belong to a data source or to one kind of variable: Grafana's types leave them to plugins.
OPEN = {
    "annotations": {"expr"},
    "templating": {"auto", "auto_count", "auto_min"},
}


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_the_dashboard_is_one_by_grafanas_types(path: Path) -> None:
    assert list(faults(json.loads(path.read_text()))) == []


def test_a_wrong_dashboard_is_found_out() -> None:
    board = json.loads(BOARDS[0].read_text())
    board["panels"][1]["gridPos"]["h"] = "tall"
    board["annotations"]["list"][0]["colour"] = "red"
    assert len(list(faults(board))) == 2


def faults(board: dict[str, Any]) -> Iterator[str]:
    """What the schema refuses, without the fields that it cannot know."""
    for part, names in OPEN.items():
        for entry in board[part]["list"]:
            for name in names & entry.keys():
                del entry[name]
    for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(board):
        yield f"{'/'.join(map(str, error.path))}: {error.message[:200]}"
