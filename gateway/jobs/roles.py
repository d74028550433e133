"""Which versions are on trial: their jobs wait, run and take connections apart from everybody else's."""

from flags.model import BASELINE


def is_candidate(pipeline: str) -> bool:
    """Every version but the one that all users fall back to."""
    return pipeline != BASELINE
