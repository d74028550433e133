"""How much of the same a test tries: enough for each point in `make test`, the large numbers in `make test-long`."""

import os

WHOLE = bool(os.environ.get("WHOLE"))


def amount(enough: int, whole: int) -> int:
    """The number for this run."""
    return whole if WHOLE else enough
