"""What a turn of the dial would do, told before it is made: who moves, load, price of knowing, the ramp."""

from dataclasses import dataclass
from typing import Final

from flags.change.preview import Preview
from flags.model import Pipeline
from gateway.jobs.load import Load
from gateway.rollout.guard.price import DAY_HOURS, StepPrice, in_digits, span_words
from gateway.rollout.ramp.plan import Ramp
from gateway.web.console.pages.now.agreement import Asked
from gateway.web.console.wording import count_text, percent_text, span_text

SAME: Final = 0.05  # percent
LONG_HOURS: Final = 24 * 30.0
ALL_KNOWN: Final = 100_000


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of the preview. `strong`: what decides; `users`: the first who would move."""

    name: str
    text: str
    strong: str = ""
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Priced:
    """The price of knowing at one dial, and what share of users fails without the version."""

    step: StepPrice
    base_share: float


@dataclass(frozen=True, slots=True)
class Effects:
    """What was found of a change of one version."""

    version: Pipeline
    before: float  # share, percent
    after: float
    moves: Preview
    known: int  # users
    load_before: Load
    load_after: Load
    price_before: Priced | None
    price_after: Priced | None
    seen_users: int = 0  # who came since the dial rose: they count already


def preview_lines(effects: Effects, ramp: Ramp | None, asked: Asked) -> tuple[Line, ...]:
    """Who moves, load, price of knowing, what the ramp will do, and an override that is in force."""
    lines = [moves_line(effects), load_line(effects), price_line(effects)]
    if ramp is not None and ramp.active:
        lines.append(ramp_line(ramp, effects))
    if asked.override is not None:
        held = (
            f"An override by {asked.override.actor} holds everybody on {asked.base}: until it is lifted, nobody moves."
        )
        lines.insert(0, Line("Override", "", held))
    return tuple(lines)


def moves_line(effects: Effects) -> Line:
    """Counts of known users, and the first hundred."""
    to, back = effects.moves.to_candidate, effects.moves.to_v1
    if abs(effects.after - effects.before) <= SAME:
        return Line("Who moves", "Nobody: this is what is set.")
    capped = "the first " if effects.known >= ALL_KNOWN else ""
    if not effects.known:
        return Line("Who moves", "No user is known yet: nobody moves.")
    of = f"of {capped}{count_text(effects.known)} known users"
    if not to and not back:
        return Line("Who moves", f"O{of[1:]} nobody moves.")
    go = f"go to {effects.version}" if to else "go to a newer version"
    parts = [f"{of} {go}" if to else f"{of} go to {effects.moves.older}", "nobody goes back" if not back else ""]
    if to and back:
        parts = [f"{of} {go}", f"{count_text(len(back))} go to {effects.moves.older}"]
    text = "; ".join(part for part in parts if part) if to else parts[0]
    return Line("Who moves", f"{text}.", count_text(len(to or back)), (to or back)[:100])


def load_line(effects: Effects) -> Line:
    """Jobs an hour, slots busy, and what the provider costs, now and then."""
    old, new = effects.load_before, effects.load_after
    span = span_words(new.hours)
    by = "" if new.hours >= DAY_HOURS else f" by the last {span}"
    told = [f"{effects.version} jobs {from_to(figures(old.jobs_an_hour), figures(new.jobs_an_hour))} an hour{by}"]
    if old.slots is not None and new.slots is not None:
        told.append(f"slots busy {from_to(slots_text(old.slots), slots_text(new.slots))}")
    else:
        told.append(f"how many slots that keeps busy is not known: no job ended in the last {span}")
    if old.usd_an_hour is not None and new.usd_an_hour is not None:
        more = new.usd_an_hour - old.usd_an_hour
        told += [f"cost about ${abs(more):.2f} an hour {'less' if more < 0 else 'more'}"] if abs(more) >= 0.005 else []
    return Line("Load", f"{'; '.join(told)}.")


def slots_text(slots: float) -> str:
    """How many of the workers' slots its jobs keep busy, on average."""
    return figures(slots, 2) if slots >= 0.1 or not slots else "under 0.1"


def figures(value: float, count: int = 3) -> str:
    """With so many figures: `7.75`, `2,230`."""
    rounded = float(f"{value:.{count}g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:g}"


def from_to(old: str, new: str) -> str:
    """What it is and would be; once, where nothing changes."""
    return new if old == new else f"{old} to {new}"


def price_line(effects: Effects) -> Line:
    """Users and hours until a doubled failure rate would be seen."""
    priced = effects.price_after
    if priced is None or priced.step.users is None or priced.step.hours is None:
        return Line("Price of knowing", "Cannot be told." if priced is None else f"{capital(priced.step.message)}.")
    left = max(priced.step.users - effects.seen_users, 1.0)
    hours = priced.step.hours * left / priced.step.users
    if hours > LONG_HOURS:
        return Line("Price of knowing", "Will not be known at this dial; comparisons answer sooner.")
    strong = (
        f"About {in_digits(left * effects.after / 100)} more users on {effects.version} until a doubled failure rate "
        f"would be seen: {span_text(hours * 3600)} at {percent_text(effects.after)}"
    )
    stay = effects.price_before
    told = ""
    if stay is not None and stay.step.users and stay.step.hours is not None and effects.before > 0:
        rest = stay.step.hours * max(stay.step.users - effects.seen_users, 1.0) / stay.step.users
        told = f", {span_text(rest * 3600)} if you stay at {percent_text(effects.before)}"
    hurt = left * effects.after / 100 * priced.base_share
    return Line(
        "Price of knowing",
        f"{told}. Until then about {in_digits(hurt)} users more would have failed, if it is doubled.",
        strong,
    )


def ramp_line(ramp: Ramp, effects: Effects) -> Line:
    """A ramp pauses when a person turns its dial."""
    if ramp.plan.pipeline not in {None, effects.version}:
        return Line("Ramp", f"Of {ramp.plan.pipeline}: goes on.")
    left = [step for step in ramp.plan.steps if step >= effects.after - 0.05]
    goes = f"resumed, it goes on from {percent_text(left[0])}" if left else "no step is left above that"
    state = "Pauses: a person set the dial" if ramp.state == "running" else "Stays paused"
    return Line("Ramp", f"{state}; {goes}.")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
