"""Writes the dashboards to `json/`; `--check` only says which are out of date."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from grafana_foundation_sdk.models import dashboard as model

from grafana.dashboards.jobs import jobs
from grafana.dashboards.panels import as_json
from grafana.dashboards.rollout import rollout
from grafana.dashboards.service import service
from grafana.dashboards.shadow import shadow

FOLDER = Path(__file__).parent / "json"
BOARDS: Mapping[str, Callable[[], model.Dashboard]] = {
    "rollout.json": rollout,
    "service.json": service,
    "shadow.json": shadow,
    "jobs.json": jobs,
}


def text_of(name: str) -> str:
    """A dashboard as it is committed."""
    return json.dumps(as_json(BOARDS[name]()), indent=1, ensure_ascii=False) + "\n"


def stale() -> Iterator[str]:
    """The names of files that are not what the code makes."""
    for name in BOARDS:
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text_of(name):
            yield name


def main() -> None:
    found = list(stale())
    for name in found:
        sys.stdout.write(f"{name}\n")
        if "--check" not in sys.argv[1:]:
            (FOLDER / name).write_text(text_of(name), encoding="utf-8")
    if found and "--check" in sys.argv[1:]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
