"""Which versions are on trial: their jobs wait, run and take connections apart from everybody else's."""

from flags.model import number_of


def is_candidate(pipeline: str, base: str) -> bool:
    """Every version above the one that all users fall back to."""
    return number_of(pipeline) > number_of(base)
