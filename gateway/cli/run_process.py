"""Runs a process that lives until it is stopped, with its log set up and what keeps it from starting explained."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import uvloop

from gateway.cli.database import explain_start_failures
from gateway.config.settings import Settings
from gateway.telemetry.log import configure_logging


def run(settings: Settings, process: Coroutine[Any, Any, None]) -> None:
    """Run a long-running process to its end, on the fast event loop."""
    configure_logging(settings)
    with explain_start_failures(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(process)
