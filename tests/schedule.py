"""Which worker of xdist takes which tests: those of a file together, and all files that need an Unleash server.

One takes some ten seconds of the processor to start and to run: one worker starts it, instead of each its own.
"""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).parents[1]
WITH_UNLEASH = "the files with an Unleash server"


class Together(LoadFileScheduling):  # type: ignore[misc]
    """`--dist loadfile`, with one scope for all files that need the server."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return WITH_UNLEASH if needs_unleash(file) else file


@cache
def needs_unleash(file: str) -> bool:
    """Whether tests in this file, named from the root, ask for the server: by its class, or by flags at `home`."""
    path = ROOT / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return "UnleashServer" in text or "home: Home" in text
