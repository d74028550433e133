"""`gateway serve`, with a v2 that raises for the users whom a file names."""

import sys
from pathlib import Path
from types import MappingProxyType

from gateway.cli.run_process import run
from gateway.config.settings import Settings
from gateway.server.process import serve
from gateway.server.uvicorn_server import bind
from pipelines.registry import Registry, find_pipelines
from tests.gateway.rollout.guard.breaking import BreaksFor


def main() -> None:
    """`python -m tests.gateway.rollout.guard.process NAMES`, with PORT set."""
    settings, found = Settings(), find_pipelines()
    usable = {**found.usable, "v2": BreaksFor(found.usable["v2"], Path(sys.argv[1]))}
    with bind(settings.host, settings.port) as listener:
        run(settings, serve(settings, listener, registry=Registry(MappingProxyType(usable), found.broken)))


if __name__ == "__main__":
    main()
