"""The four questions of a version on trial, each with its answer, the numbers it rests on, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flags.model import Pipeline
from gateway.jobs.outcomes import Outcomes, Point
from gateway.rollout.guard.price import StepPrice, in_digits
from gateway.rollout.guard.store import GuardedRollout
from gateway.shadow.report.harms import Harmed, HarmReport
from gateway.statistics.confidence import Rate, bounded_difference
from gateway.web.console.draw.interval import Estimate, draw_interval
from gateway.web.console.draw.svg import Chart
from gateway.web.console.pages.now.agreement import Asked, Measured
from gateway.web.console.pages.now.headline import Verdict
from gateway.web.console.wording import count_text, percent_text, span_text

HARM_LIMIT: Final = 0.02  # of users harmed above equal runs: below it is answered


@dataclass(frozen=True, slots=True)
class Tile:
    """One question."""

    id: str
    question: str
    answer: str
    text: str
    verdict: Verdict
    need: str  # what is missing, or that nothing is
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What is known of one version that some users have and others do not."""

    version: Pipeline
    against: Pipeline
    order: int  # of the version among all, the oldest is 0
    dial: float
    guarded: GuardedRollout | None = None
    outcomes: tuple[Outcomes, ...] = ()
    price: StepPrice | None = None
    harm: HarmReport | None = None

    @property
    def findings(self) -> Mapping[str, Mapping[str, str]]:
        """What the guard found last, by question."""
        verdict: dict[str, Any] = (self.guarded.verdict if self.guarded else None) or {}
        return {one["check"]: one for one in verdict.get("findings", ())}

    def phase(self, check: str) -> str:
        return self.findings.get(check, {}).get("phase", "none")

    def last(self, version: Pipeline) -> Point | None:
        """How users' first jobs ended so far."""
        own = next((one.points for one in self.outcomes if one.pipeline == version), [])
        return own[-1] if own else None

    @property
    def seen(self) -> int:
        """Users who came since the dial rose, on either side."""
        return 0 if self.guarded is None else sum(sum(counts) for counts in self.guarded.split.values())


def fails_tile(trial: Trial) -> Tile:
    """Does it fail more?"""
    mine, base = trial.last(trial.version), trial.last(trial.against)
    breach = trial.phase("failures") == "breach"
    question, here = f"Does {trial.version} fail more?", "fails"
    if mine is None or base is None:
        who = trial.version if mine is None else trial.against
        answer = f"{trial.version} fails more" if breach else "Not known yet"
        text = f"No user's job of {who} has ended since the dial rose."
        return Tile(here, question, answer, text, "harm" if breach else "open", needed(trial, harm=breach))
    gap = bounded_difference(Rate(mine.failed, mine.users), Rate(base.failed, base.users))
    worse, better = breach or gap.low > 0, gap.high < 0
    answer = f"{trial.version} fails more" if worse else f"{trial.version} fails less" if better else "Not seen so far"
    text = (
        f"{count_text(mine.failed)} of {count_text(mine.users)} users of {trial.version} against "
        f"{count_text(base.failed)} of {count_text(base.users)} of {trial.against}: "
        f"{between_points(gap.low, gap.high)}."
    )
    base_rate = base.failed / base.users if base.users else 0.0
    estimate = Estimate(
        (mine.failed / mine.users if mine.users else 0.0) - base_rate, gap.low, gap.high,
        limit=base_rate or None, limit_text=f"twice {trial.against}",
    )  # fmt: skip
    verdict: Verdict = "harm" if worse else "answered" if better or enough(trial) else "open"
    chart = draw_interval("fails-interval", question, trial.order, estimate, points)
    return Tile(here, question, answer, text, verdict, needed(trial, harm=worse, told=better), chart)


def slower_tile(trial: Trial) -> Tile:
    """Does it take longer? By users who waited longer than was usual for an export of that size."""
    question, numbers = f"Is {trial.version} slower?", numbers_of(trial, "time")
    phase = trial.phase("time")
    if phase not in {"ok", "breach"} or not numbers:
        why = "No user is on it, or the guard has not looked."
        return Tile("slower", question, "Not known yet", why, "open", "Open: the guard has to look")
    users, on, expected = int(numbers["users"]), int(numbers["on_candidate"]), float(numbers["expected"])
    breach = phase == "breach"
    text = (
        f"Of {count_text(users)} users who waited longer than was usual, {count_text(on)} were on {trial.version}, "
        f"{expected:,.1f} by the dial."
    )
    answer = f"{trial.version} is slower" if breach else "Not seen so far"
    verdict: Verdict = "harm" if breach else "answered" if enough(trial) else "open"
    return Tile("slower", question, answer, text, verdict, needed(trial, harm=breach))


def facts_tile(trial: Trial) -> Tile:
    """Does it lose facts? By comparisons: harmed users, beside those of equal runs."""
    question, harm = f"Does {trial.version} lose facts?", trial.harm
    if harm is None or not (harm.harmed.users.known.pairs or harm.harmed.users.missing):
        return Tile("facts", question, "Nothing is compared", "No pair of results was compared yet.", "open",
                    "Open: set the share that is compared")  # fmt: skip
    above = list(harm.excess.values()) or [harm.harmed.interval]
    low, high = max(one.low for one in above), max(one.high for one in above)
    text = f"{harmed_text(harm.harmed)} harmed" + "".join(
        f", {harmed_text(noise)} when {version} runs twice"
        for version, noise in harm.itself.items()
        if noise.users.known.pairs
    )
    worse, told = low > 0, high <= HARM_LIMIT
    answer = "Yes, beyond chance" if worse else "No more than chance" if told else "Not known yet"
    verdict: Verdict = "harm" if worse else "answered" if told else "open"
    most = f"at most {percent_text(max(high, 0) * 100)} of users above equal runs"
    need = "Answered: it does" if worse else f"Answered: {most}" if told else f"Open: {most}"
    rate = harm.harmed.users.known
    noise = max((one.users.known.mean for one in harm.itself.values() if one.users.known.pairs), default=0.0)
    estimate = Estimate(rate.mean - noise, low, high, limit=HARM_LIMIT, limit_text=f"+{HARM_LIMIT * 100:g} points")
    chart = draw_interval("facts-interval", question, trial.order, estimate, points)
    return Tile("facts", question, answer, f"{text}.", verdict, need, chart)


def split_tile(trial: Trial, asked: Asked, measured: Measured) -> Tile:
    """Is the split what the dial says?"""
    question = "Is the split honest?"
    others = {} if measured.counted is None else measured.counted.others
    beside = f" Outside the flag: {others_text(others)}." if others else ""
    mine = next((one for one in measured.shares if one.pipeline == trial.version), None)
    if mine is None:
        text = f"{count_text(measured.users)} users came since the dial moved."
        return Tile("split", question, "Too few users", f"{text}{beside}", "open", "Open: 30 users have to come")
    share = (asked.shares or {}).get(trial.version, 0.0)
    text = (
        f"{percent_text(mine.percent)} of {count_text(measured.users)} users got {trial.version}; "
        f"{percent_text(mine.low)} to {percent_text(mine.high)} is chance.{beside}"
    )
    estimate = Estimate(mine.percent, mine.low, mine.high, zero=share, zero_text=percent_text(share))
    chart = draw_interval("split-interval", question, trial.order, estimate, percent_text)
    if trial.phase("sample") == "breach" or not mine.is_chance:
        need = "It is not what the dial says" if trial.phase("sample") == "breach" else "Looked at again"
        return Tile("split", question, "No", text, "harm", need, chart)
    return Tile("split", question, "Yes", text, "answered", "Answered", chart)


def tiles_of(trial: Trial, asked: Asked, measured: Measured) -> tuple[Tile, ...]:
    """All four."""
    return fails_tile(trial), slower_tile(trial), facts_tile(trial), split_tile(trial, asked, measured)


def enough(trial: Trial) -> bool:
    """So many users came that a doubling of failures would have been seen."""
    return trial.price is not None and trial.price.users is not None and trial.seen >= trial.price.users


def needed(trial: Trial, *, harm: bool, told: bool = False) -> str:
    """What is missing until it is known whether it fails twice as often."""
    if harm:
        return "Answered: it does"
    if told or enough(trial):
        return "Answered"
    price = trial.price
    if price is None:
        return "Open: how many users it takes is being read"
    if price.users is None or price.hours is None:
        return "Open: how many users it takes is not known"
    left = max(price.users - trial.seen, 1)
    hours = price.hours * left / price.users
    if hours > 24 * 30:
        return "Open: will not be known at this dial; comparisons answer sooner"
    return f"Open: about {in_digits(left)} more users, {span_text(hours * 3600)}"


def numbers_of(trial: Trial, question: str) -> Mapping[str, Any]:
    """What the guard's verdict on one question rests on."""
    verdict: dict[str, Any] = (trial.guarded.verdict if trial.guarded else None) or {}
    found: Mapping[str, Any] = verdict.get(question) or {}
    return found


def harmed_text(harmed: Harmed) -> str:
    """`3.1 % of 640 users`."""
    return f"{percent_text(harmed.users.known.mean * 100)} of {count_text(harmed.users.known.pairs)} users"


def points(value: float) -> str:
    """A difference of shares: `+2.1 points`."""
    return f"{value * 100:+.1f} points"


def between_points(low: float, high: float) -> str:
    """`between 1.0 points fewer and 2.1 more`."""

    def one(value: float) -> str:
        return f"{abs(value) * 100:.1f} {'fewer' if value < 0 else 'more'}"

    first, second = one(low), one(high)
    return f"between {first.replace(' ', ' points ', 1)} and {second}"


def others_text(others: Mapping[str, int]) -> str:
    """`18 v1_only, 2 override`."""
    return ", ".join(f"{count_text(users)} {reason}" for reason, users in sorted(others.items()))


def looked_text(guarded: GuardedRollout | None, now: datetime) -> str:
    """When the guard looked last."""
    if guarded is None or guarded.looked_at is None:
        return "The guard has not looked yet."
    return f"The guard looked {span_text(max((now - guarded.looked_at).total_seconds(), 0.0))} ago."
