"""Which versions are on trial: their jobs wait, run and take connections apart from everybody else's."""

from typing import Final

from flags.model import number_of

PINNED: Final = "v2"  # what `/process-full-v2` pins, whatever became the base since: its callers rely on the name
PATHS: Final[dict[str, str | None]] = {"/process-full": None, f"/process-full-{PINNED}": PINNED}  # path -> what it pins


def is_candidate(pipeline: str, base: str) -> bool:
    """Every version above the one that all users fall back to."""
    return number_of(pipeline) > number_of(base)
