"""`gateway check`: can everything that a deployed process needs be imported? Run when an image is built."""

import importlib

from gateway.cli.errors import CommandError
from gateway.cli.output import say
from pipelines.registry import BrokenPipeline, find_pipelines

# Imported only when it is needed, or by one process and not the other: here, all of it at once.
MODULES = (
    "gateway.web.app",
    "gateway.worker.worker",
    "gateway.database.migrations",
    "gateway.language.providers",
    "gateway.exports.supabase",
)


def check() -> None:
    """Import all pipelines and all parts of the gateway; nothing is opened. Exit code 1 if one of them is broken."""
    registry = find_pipelines()
    try:
        registry.check()
        for module in MODULES:
            importlib.import_module(module)
    except (BrokenPipeline, ImportError) as broken:
        raise CommandError(str(broken)) from None
    say(f"pipelines {', '.join(registry.usable)} and all parts of the gateway can be imported")
