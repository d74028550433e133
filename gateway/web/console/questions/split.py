"""Is the split honest? The share of users who got the version since the dial was set, against the dial."""

from collections.abc import Sequence

from gateway.rollout.guard.sides import Added, end_of_span
from gateway.statistics.confidence import Interval, Rate, rate_interval
from gateway.web.console.draw.interval import Estimate, draw_interval
from gateway.web.console.draw.lines import SHARES, Picture, draw_lines
from gateway.web.console.draw.points import Line, Point
from gateway.web.console.questions.failures import GuardSays
from gateway.web.console.questions.model import THIN, Answer, State, Versus, not_comparable, share_words

KEY = "sample"
FEW = 30  # users below which no share is said


def ask_split(versus: Versus, added: Sequence[Added], guard: GuardSays) -> Answer:
    """The whole question."""
    title = "Is the split honest?"
    rates = list[tuple[int, Rate]]()
    users = hits = 0
    for one in added:
        users, hits = users + one.users, hits + one.hits
        rates.append((one.span, Rate(hits, users)))
    sizes = f"{hits:,}", f"{users - hits:,}"
    if not versus.compares or users < FEW:
        few = f"{users:,} users have come since the dial was set: too few to say."
        state: State = "harm" if guard.phase == "breach" else "unknown"
        need = not_comparable(versus) or f"Open: {FEW - users:,} more users"
        return Answer(KEY, title, "No" if state == "harm" else "Not known yet", few, state, need, sizes)
    last, dial = rates[-1][1], versus.dial / 100
    interval = rate_interval(last)
    state, need = verdict(guard, interval, dial)
    return Answer(
        KEY, title, {"harm": "No", "answered": "Yes"}.get(state, "Not known yet"),
        f"{share_words(last.mean)} of {users:,} users got {versus.mine.pipeline}, {versus.dial:g}{THIN}% by the dial: "
        f"between {share_words(interval.low)} and {share_words(interval.high)}.",
        state, need, sizes,
        interval=draw_interval(
            f"{KEY}-now", f"Share of users who got {versus.mine.pipeline}", versus.mine.order,
            Estimate(last.mean, interval.low, interval.high, dial, f"{versus.dial:g}{THIN}%"), share_words,
        ),
        course=draw_lines(
            f"{KEY}-course", "Share measured since the dial was set",
            Picture(
                [Line(versus.mine.pipeline, versus.mine.order, [point_of(versus, *one) for one in rates])],
                versus.dial_since, versus.until, share_words, (), dial, "the dial", within=SHARES,
            ),
        ),
    )  # fmt: skip


def point_of(versus: Versus, span: int, rate: Rate) -> Point:
    interval = rate_interval(rate)
    return Point(end_of_span(versus.dial_since, versus.until, span), rate.mean, interval.low, interval.high)


def verdict(guard: GuardSays, interval: Interval, dial: float) -> tuple[State, str]:
    """What the guard says of all users since the rollout began; the share since the dial was set beside it."""
    if guard.phase == "breach":
        return "harm", "Not what the dial says: nothing else can be told"
    if dial not in interval:
        return "open", "Open: off so far, and it may be chance"
    return "answered", "Answered"
