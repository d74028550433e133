"""Which version finds more of what is true of a person on which size of history, as it was measured before: a report of
live comparisons says it beside what it counts. `python -m bench.versions --page` measures anew."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

MEASURED: Final = Path(__file__).with_name("by_size.json")
PAGE: Final = "docs/reference/versions-by-size.md"


class BySize(msgspec.Struct, frozen=True):
    """How many of `hobbies` true hobbies each version found behind so many newer chats, and which is better, surely."""

    hobbies: int
    found: Mapping[int, Mapping[str, int]]  # by newer chats
    better: Mapping[int, str]  # only where one is


def measured_by_size() -> BySize:
    """What was measured last."""
    return msgspec.json.decode(MEASURED.read_bytes(), type=BySize)


def by_size_text(measured: BySize, one: str, other: str) -> str:
    """One sentence about two versions; empty when they were not measured."""
    sizes = [size for size, found in measured.found.items() if one in found and other in found]
    if not sizes or one == other:
        return ""
    figures = [f"{measured.found[size][one]} and {measured.found[size][other]} behind {size:,}" for size in sizes]
    wins = [(version, [size for size in sizes if measured.better.get(size) == version]) for version in (one, other)]
    better = [f"{version} is better behind {_listed(won)}" for version, won in wins if won]
    return (
        f"Of {measured.hobbies} true hobbies, {one} and {other} found {', '.join(figures)} newer chats: "
        f"{'; '.join(better) or 'neither is better'} ({PAGE})."
    )


def _listed(sizes: list[int]) -> str:
    """A few numbers in words."""
    *first, last = [f"{size:,}" for size in sizes]
    return f"{', '.join(first)} and {last}" if first else last
