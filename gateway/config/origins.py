"""Which web pages may call: the origins of CORS_ORIGINS, checked; and where the console is."""

import re
from typing import Final

_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


def split_origins(origins: str | None) -> tuple[str, ...]:
    """The listed origins, `*` for any. Raises ValueError for what no browser sends as its origin."""
    listed = tuple(part.strip() for part in (origins or "").split(",") if part.strip())
    for origin in listed:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"CORS_ORIGINS: {origin!r} is no origin like https://app.example.com (lower case, without a path)"
            )
    return listed


def check_console_origin(origin: str | None) -> None:
    """Raises ValueError for what no browser sends as the origin of a page."""
    if origin is not None and not _ORIGIN.fullmatch(origin):
        raise ValueError(
            f"CONSOLE_ORIGIN: {origin!r} is no origin like https://gateway.example.com (lower case, without a path)"
        )
