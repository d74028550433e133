"""The queries of the committed dashboards, as Prometheus would be asked them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BOARDS = sorted((ROOT / "grafana" / "dashboards" / "json").glob("*.json"))
VARIABLES = {"$__rate_interval": "10s", "$__range": "10m", "$__interval": "5s", "$instance": ".*", "$pipeline": ".*"}


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """One target of one panel."""

    board: str
    panel: str
    expression: str


def panel_queries() -> Iterator[PanelQuery]:
    """Every query of every panel of every dashboard, its variables filled in."""
    for path in BOARDS:
        board = json.loads(path.read_text())
        for panel in flat(board["panels"]):
            for target in panel.get("targets", []):
                yield PanelQuery(path.stem, panel["title"], fill(target["expr"]))


def flat(panels: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Panels, also those inside rows that are folded."""
    for panel in panels:
        yield panel
        yield from flat(panel.get("panels", []))


def fill(expression: str) -> str:
    """The expression with each variable set to everything."""
    for name, value in VARIABLES.items():
        expression = expression.replace("${" + name[1:] + "}", value).replace(name, value)
    return expression
