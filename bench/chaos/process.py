"""One process of a fault test: what `gateway serve --no-worker` and `gateway worker` run, with a v2 that a file breaks.

`python -m bench.chaos.process SWITCH serve|worker`, with PORT set
"""

import sys
from pathlib import Path

from gateway.cli.rehearsal.drill.fault import STEP, Break, break_candidate
from gateway.cli.run_process import run
from gateway.config.settings import Settings
from gateway.server.process import serve, work
from gateway.server.uvicorn_server import bind
from pipelines.registry import find_pipelines

CANDIDATE = "v2"


def main() -> None:
    switch, role = sys.argv[1:3]
    settings = Settings()
    registry = break_candidate(find_pipelines(), CANDIDATE, Break(STEP, Path(switch)))
    with bind(settings.host, settings.port if role == "serve" else 0) as listener:
        if role == "serve":
            run(settings, serve(settings, listener, with_worker=False, registry=registry))
        else:
            run(settings, work(settings, listener, registry=registry))


if __name__ == "__main__":
    main()
