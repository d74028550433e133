"""Does the candidate fail more? Evidence from the arms of those who failed, valid for any traffic, drift and dial path.

Given that a user's job failed, and were both versions alike, the user is on the candidate with the probability that the
dial had when that job was decided, whatever the rate of failures does over time. Were the candidate's odds `r` times as
high, that probability would be `r share / (r share + 1 - share)`. The products of likelihood ratios over users, one
for each of several `r`, are nonnegative martingales with mean 1 where both are alike, so their mean is one too.

Theorem: Ville's inequality (Ville 1939, "Etude critique de la notion de collectif"): such a process ever reaches
1/alpha with probability at most alpha. Source: Lindon & Malek (2022, "Anytime-valid inference for multinomial count
data", NeurIPS 35, arXiv:2011.03567), where counts of failures are conditioned on their sum; the mixture over ratios
is Robbins' method of mixtures (1970, Ann. Math. Statist. 41).
"""

import math
from collections.abc import Iterable

import msgspec

RATIOS = (1.25, 1.5, 2.0, 3.0, 5.0, 10.0)  # how many times as often the candidate may fail; each has the same weight


class Arm(msgspec.Struct, frozen=True):
    """One user who failed: `share` (0 to 1) of users was on the candidate when that job was decided."""

    share: float
    on_candidate: bool


class ArmEvidence(msgspec.Struct, frozen=True):
    """What all users so far say. `peak` is the most that it ever was: it is looked at after each user."""

    logs: tuple[float, ...] = (0.0,) * len(RATIOS)  # of the product of likelihood ratios, for each ratio
    users: int = 0
    on_candidate: int = 0
    expected: float = 0.0  # of `users`, were both versions alike
    peak: float = 0.0  # natural logarithm of the mean product

    @property
    def log_e(self) -> float:
        """Natural logarithm of the evidence now."""
        return log_mean_exp(self.logs)


def add_arm(evidence: ArmEvidence, arm: Arm) -> ArmEvidence:
    """The evidence with one more user. A share of 0 or 1 leaves nothing to chance, so it says nothing.

    Robbins' mixture of likelihood ratios (1970), a martingale where both are alike: Ville's inequality bounds its peak.
    """
    if not 0 < arm.share < 1:
        return evidence
    logs = tuple(log + log_ratio(arm, ratio) for log, ratio in zip(evidence.logs, RATIOS, strict=True))
    return ArmEvidence(
        logs=logs,
        users=evidence.users + 1,
        on_candidate=evidence.on_candidate + arm.on_candidate,
        expected=evidence.expected + arm.share,
        peak=max(evidence.peak, log_mean_exp(logs)),
    )


def arm_evidence(arms: Iterable[Arm]) -> ArmEvidence:
    """The evidence of users in the order in which they failed. Theorem and source as for `add_arm`."""
    evidence = ArmEvidence()
    for arm in arms:
        evidence = add_arm(evidence, arm)
    return evidence


def log_ratio(arm: Arm, ratio: float) -> float:
    """Log likelihood ratio of one user's arm: the candidate's odds are `ratio` times those of the null.

    Its mean is 1 under the null: Lindon & Malek (2022), for counts conditioned on their sum.
    """
    scale = math.log1p(arm.share * (ratio - 1))
    return math.log(ratio) - scale if arm.on_candidate else -scale


def log_mean_exp(logs: tuple[float, ...]) -> float:
    """log of the mean of exp(logs), without overflow."""
    top = max(logs)
    return top + math.log(sum(math.exp(log - top) for log in logs) / len(logs))
