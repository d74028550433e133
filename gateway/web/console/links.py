"""The six pages, and the links to them that stand in the bar."""

from dataclasses import dataclass
from typing import Final

PAGES: Final = (
    ("now", "Now"),
    ("safe", "Is it safe?"),
    ("compare", "Compare"),
    ("who", "Who"),
    ("history", "History"),
    ("jobs", "Jobs"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One of the six pages."""

    path: str
    text: str
    current: bool


def links_to(path: str) -> tuple[Link, ...]:
    """The six links, that of the page and what is below it marked."""
    return tuple(Link(f"/console/{name}", text, f"{path}/".startswith(f"/console/{name}/")) for name, text in PAGES)
