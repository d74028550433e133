"""Settings that are of no use without each other."""

from collections.abc import Mapping
from typing import Final

PAIRS: Final = (
    ("supabase_url", "supabase_service_key"),
    ("unleash_url", "unleash_api_token"),
    ("aws_access_key_id", "aws_secret_access_key"),
)
EMBEDDED_BESIDE_SUPABASE: Final = (
    "DATABASE_URL is missing: SUPABASE_URL is set, and results would go to a database on this disk "
    "(ALLOW_EMBEDDED_DATABASE=1 allows that)"
)


def check_pairs(given: Mapping[str, object]) -> None:
    """Raises ValueError where one of a pair is set and the other is not."""
    for first, second in PAIRS:
        if (given[first] is None) != (given[second] is None):
            missing, present = (second, first) if given[second] is None else (first, second)
            raise ValueError(f"{missing.upper()} is missing: {present.upper()} is set and needs it")
