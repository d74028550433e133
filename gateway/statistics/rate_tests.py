"""Is a rate above, or below, a limit? And which of a pair is worse? Evidence that may be looked at at any time."""

import math

from gateway.statistics.confidence import PRIOR, Rate
from gateway.statistics.incomplete_beta import log_beta, log_upper_beta


def evidence_above(rate: Rate, limit: float) -> float:
    """log of the evidence that the rate is above `limit` (above 0, below 1).

    A mixture of likelihood ratios against `limit`, over a Beta(1/2, 1/2) cut to the rates above it. Each ratio is a
    nonnegative supermartingale wherever every outcome's chance, given those before, is at most `limit`; so by Ville's
    inequality the evidence ever reaches 1/alpha there with probability at most alpha. Source: the mixtures of Robbins
    (1970, "Statistical methods related to the law of the iterated logarithm", Ann. Math. Statist. 41), cut to one side.
    """
    misses = rate.pairs - rate.hits
    posterior = log_beta(PRIOR + rate.hits, PRIOR + misses) + log_upper_beta(PRIOR + rate.hits, PRIOR + misses, limit)
    prior = log_beta(PRIOR, PRIOR) + log_upper_beta(PRIOR, PRIOR, limit)
    return posterior - prior - rate.hits * math.log(limit) - misses * math.log1p(-limit)


def evidence_below(rate: Rate, limit: float) -> float:
    """log of the evidence that the rate is below `limit`: `evidence_above` of the misses. Same theorem and source."""
    return evidence_above(Rate(rate.pairs - rate.hits, rate.pairs), 1 - limit)


def sign_evidence(worse: int, better: int) -> float:
    """log of the evidence that one of two is worse more often than not, from the pairs in which they differ.

    Sign test: were neither worse, each such pair is a fair coin, whatever the inputs are. Theorem and source as for
    `evidence_above`, with the limit 1/2.
    """
    return evidence_above(Rate(worse, worse + better), 0.5)
