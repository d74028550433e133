"""The price of knowing a step: after how many users, and hours, the guard sees that a version fails twice as often."""

from dataclasses import dataclass
from typing import Final

from flags.model import Pipeline
from gateway.rollout.guard.judge import level
from gateway.statistics.power import Question, price_of_knowing

RATIO: Final = 2.0
CHANCE: Final = 0.9
DAY_HOURS: Final = 24.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """Users of the last day, or of fewer hours where those are enough or there are no more; of those who did not have
    the version, how many failed by their version's own fault."""

    users: int
    base_users: int
    base_failed: int
    hours: float = DAY_HOURS

    @property
    def base_share(self) -> float:
        """The share of users who fail without the version; half a user more than seen, so that it is never 0."""
        return (self.base_failed + 0.5) / (self.base_users + 1)


@dataclass(frozen=True, slots=True)
class StepPrice:
    """At one dial. `users` and `hours` are null where nobody can tell."""

    pipeline: Pipeline
    percent: float
    users: float | None
    hours: float | None
    message: str


def price_step(traffic: Traffic, pipeline: Pipeline, percent: float) -> StepPrice:
    """What it takes to see a doubling at this dial, by the last day's traffic."""

    def untold(why: str) -> StepPrice:
        return StepPrice(pipeline, percent, None, None, why)

    if not 0 < percent < 100:
        return untold(f"at {percent:g} % nothing is left to chance: the guard cannot compare {pipeline} with anything")
    if not traffic.base_users:
        return untold(
            f"at {percent:g} %: in the last day nobody came without {pipeline}, so how often jobs fail as it is, and "
            "when a doubling of that is seen, is not known"
        )
    found = price_of_knowing(
        Question(traffic.base_share, percent / 100, 1 / level("failures"), ratio=RATIO, chance=CHANCE)
    )
    if found is None:
        return untold(f"at {percent:g} % a doubling of failures is not seen in any useful time")
    users = f"a doubling of failures is seen after about {in_digits(found.users)} users"
    hours = found.users / traffic.users * traffic.hours
    failed = f"{traffic.base_failed:,} failed" if traffic.base_failed else "none failed: taken for half a one"
    message = (
        f"at {percent:g} % and the last {span_words(traffic.hours)}'s traffic ({traffic.users:,} users; of "
        f"{traffic.base_users:,} without {pipeline}, {failed}), {users}, {in_digits(hours)} h (90 %)"
    )
    return StepPrice(pipeline, percent, found.users, hours, message)


def span_words(hours: float) -> str:
    """Of which traffic: `day`, `7.5 h`, `40 min`; a gateway may be younger than a day."""
    if hours >= DAY_HOURS:
        return "day"
    return f"{in_digits(hours)} h" if hours >= 1 else f"{hours * 60:.0f} min"


def in_digits(value: float) -> str:
    """Two digits of it: the rest would be pretended."""
    if value < 10:
        return f"{value:.2g}"
    digits = len(str(round(value))) - 2
    return f"{round(value, -digits):,.0f}"
