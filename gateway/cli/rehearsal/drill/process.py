"""One process of a drill: what `gateway serve` and `gateway worker` run, with a candidate that a file breaks."""

import sys
from pathlib import Path

from gateway.cli.rehearsal.drill.fault import STEP, Break, break_candidate
from gateway.cli.rehearsal.roles import find_roles
from gateway.cli.run_process import run
from gateway.config.settings import Settings
from gateway.server.process import serve, work
from gateway.server.uvicorn_server import bind
from pipelines.registry import find_pipelines


def main() -> None:
    """`python -m gateway.cli.rehearsal.drill.process serve|worker SWITCH`, with PORT set."""
    role, switch = sys.argv[1:3]
    settings = Settings()
    candidate = settings.candidate_pipeline or find_roles().candidate
    registry = break_candidate(find_pipelines(), candidate, Break(STEP, Path(switch)))
    with bind(settings.host, settings.port) as listener:
        process = serve if role == "serve" else work
        run(settings, process(settings, listener, registry=registry))


if __name__ == "__main__":
    main()
