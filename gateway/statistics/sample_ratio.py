"""Is the split what the dial says? Asked before anything else: of a sample that is not, no verdict can be had."""

import math
from collections.abc import Mapping, Sequence

STRENGTH = 20.0  # users' worth of belief in what the dial says; any choice is valid


def split_evidence(counts: Sequence[int], shares: Sequence[float], strength: float = STRENGTH) -> float:
    """log of the evidence that users do not fall into arms by `shares` (each above 0, together 1).

    A Dirichlet-multinomial mixture against the multinomial with `shares`. By Ville's inequality it ever reaches 1/alpha
    with probability at most alpha where the shares are true. Source: Lindon & Malek (2022, "Anytime-valid inference for
    multinomial count data", NeurIPS 35, arXiv:2011.03567), with a prior around the shares.
    """
    priors = [strength * share for share in shares]
    total = sum(counts)
    mixture = math.lgamma(strength) - math.lgamma(strength + total)
    for count, prior, share in zip(counts, priors, shares, strict=True):
        mixture += math.lgamma(prior + count) - math.lgamma(prior) - count * math.log(share)
    return mixture


def dial_evidence(split: Mapping[float, tuple[int, int]]) -> float:
    """log of the evidence over all dials: `split` has, for each share (0 to 1), users on the candidate and not on it.

    Under each dial the users' draws are their own, so the product of the processes is one too: same theorem. A share
    of 0 or 1 leaves nothing to chance, so it says nothing.
    """
    return sum(split_evidence(counts, (share, 1 - share)) for share, counts in split.items() if 0 < share < 1)
