"""The price of knowing: how many users have to come by until a candidate that fails more is seen."""

import math

import msgspec

from gateway.statistics.arms import RATIOS, log_mean_exp

MOST_FAILURES = 20_000  # beyond, nobody waits for it
ENOUGH = 0.995  # of all runs: what is left hardly moves the chances that are asked for
STEPS = 60


class Price(msgspec.Struct, frozen=True):
    """Until the evidence is there, with the chance that was asked for."""

    users: float  # who came by, on either version
    failures: float  # users of them whose jobs failed


class Question(msgspec.Struct, frozen=True):
    """What is to be seen. `base`: share of users whose jobs fail on the version that is there, above 0."""

    base: float
    share: float  # of users on the candidate, above 0 and below 1
    alpha: float
    ratio: float = 2.0  # how many times as often the candidate fails
    chance: float = 0.9  # with which it is seen by then


def price_of_knowing(question: Question) -> Price | None:
    """Users until `arm_evidence` reaches 1/alpha with the asked chance; None where that takes too long.

    Under one share the evidence depends only on how many failed and how many of them are on the candidate, so the
    time until it is reached is found exactly, by following that count from failure to failure up to the boundary
    (Armitage, McPherson & Rowe 1969, "Repeated significance tests on accumulating data", JRSS A 132). How many users
    come by for so many failures is negative binomial, taken as normal.
    """
    reached = crossing_times(question)
    if reached is None:
        return None
    share, ratio = question.share, question.ratio
    rate = min(1.0, question.base * (1 + share * (ratio - 1)))

    def chance_within(users: float) -> float:
        return sum(weight * _normal_below(users, n, rate) for n, weight in enumerate(reached, 1) if weight > 0)

    low, high = 0.0, 4 * len(reached) / rate
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if chance_within(middle) >= question.chance else (middle, high)
    return Price(users=high, failures=high * rate)


def crossing_times(question: Question) -> list[float] | None:
    """The chance that the evidence is first reached at the first, second, ... failure; None where that takes too long.

    Same source as `price_of_knowing`.
    """
    odds = question.ratio * question.share
    on_candidate = odds / (odds + 1 - question.share)
    chances, reached, total, bound = [1.0], [], 0.0, 1
    for failures in range(1, MOST_FAILURES + 1):
        chances = _step(chances, on_candidate)
        bound = _bound(bound, failures, question)
        now = sum(chances[bound:])
        chances = chances[:bound]
        reached.append(now)
        total += now
        if total >= ENOUGH:
            return reached
    return None if total < question.chance else reached


def _step(chances: list[float], on_candidate: float) -> list[float]:
    """One more failure: on the candidate, or not."""
    stay = 1 - on_candidate
    return [
        (chances[k] * stay if k < len(chances) else 0.0) + (chances[k - 1] * on_candidate if k else 0.0)
        for k in range(len(chances) + 1)
    ]


def _bound(last: int, failures: int, question: Question) -> int:
    """The fewest on the candidate that reach the evidence; never fewer than one failure before."""
    bound = last
    while bound <= failures and log_evidence(bound, failures, question.share) < -math.log(question.alpha):
        bound += 1
    return bound


def log_evidence(on_candidate: int, failures: int, share: float) -> float:
    """`arm_evidence` of so many users under one share, in logarithms. Theorem and source as there."""
    return log_mean_exp(
        tuple(on_candidate * math.log(ratio) - failures * math.log1p(share * (ratio - 1)) for ratio in RATIOS)
    )


def _normal_below(users: float, failures: int, rate: float) -> float:
    spread = math.sqrt(max(failures * (1 - rate), 1e-9)) / rate
    return 0.5 * math.erfc((failures / rate - users) / spread / math.sqrt(2))
