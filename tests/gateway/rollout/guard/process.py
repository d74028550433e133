"""`gateway serve` with two quick pipelines, of which v2 breaks as a file says."""

import sys
from pathlib import Path
from types import MappingProxyType

from gateway.cli.run_process import run
from gateway.config.settings import Settings
from gateway.server.process import serve
from gateway.server.uvicorn_server import bind
from pipelines.registry import Registry, find_pipelines
from tests.gateway.rollout.guard.breaking import Quick


def main() -> None:
    """`python -m tests.gateway.rollout.guard.process SWITCH`, with PORT set."""
    settings, found, switch = Settings(), find_pipelines(), Path(sys.argv[1])
    usable = {"v1": Quick(switch, breaks=False), "v2": Quick(switch, breaks=True)}
    registry = Registry(MappingProxyType({**found.usable, **usable}), found.broken)
    with bind(settings.host, settings.port) as listener:
        run(settings, serve(settings, listener, registry=registry))


if __name__ == "__main__":
    main()
