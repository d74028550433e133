"""One process of a drill: what `gateway serve` and `gateway worker` run, with a candidate that a file breaks."""

import sys
from pathlib import Path
from typing import cast

from gateway.cli.rehearsal.drill.fault import Break, Fault, break_candidate
from gateway.cli.run_process import run
from gateway.config.settings import Settings
from gateway.server.process import serve, work
from gateway.server.uvicorn_server import bind
from pipelines.registry import find_pipelines

STEP = "memory"  # late: by then a v2 run has read the whole export


def main() -> None:
    """`python -m gateway.cli.rehearsal.drill.process serve|worker SWITCH FAULT PERCENT`, with PORT set."""
    role, switch, fault, percent = sys.argv[1:5]
    settings = Settings()
    broken = Break(STEP, Path(switch), cast("Fault", fault), int(percent))
    registry = break_candidate(find_pipelines(), settings.candidate_pipeline, broken)
    with bind(settings.host, settings.port) as listener:
        process = serve if role == "serve" else work
        run(settings, process(settings, listener, registry=registry))


if __name__ == "__main__":
    main()
