"""How far chance alone may carry a count of simulated runs."""

import math


def most_by_chance(rate: float, runs: int, sure: float = 0.999) -> int:
    """The count that runs, each of which errs with this chance, exceed once in a thousand times."""
    total = 0.0
    for count in range(runs + 1):
        total += math.exp(
            math.lgamma(runs + 1)
            - math.lgamma(count + 1)
            - math.lgamma(runs - count + 1)
            + count * math.log(rate)
            + (runs - count) * math.log1p(-rate)
        )
        if total >= sure:
            return count
    return runs
