"""Three numbers side by side, ready to print: asked for, in force, measured, and the strip of shares below them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flags.model import Pipeline
from gateway.config.moments import EVER
from gateway.rollout.ramp.plan import Ramp
from gateway.web.console.draw.lane import Part, Tick, draw_lane
from gateway.web.console.draw.svg import Chart
from gateway.web.console.pages.now.agreement import Asked, InForce, Measured, Shares, Sign, candidates
from gateway.web.console.pages.now.seen import DialRow, Held, Seen
from gateway.web.console.wording import count_text, minute_text, percent_text, reason_text, span_text


@dataclass(frozen=True, slots=True)
class Number:
    """One version's share. `version` is empty where there is only one candidate."""

    value: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """One process's mark and name."""

    name: str
    sign: Sign
    said: str


@dataclass(frozen=True, slots=True)
class Block:
    """One of the three."""

    title: str
    numbers: tuple[Number, ...]  # none: `said` stands in their place
    said: str
    notes: tuple[str, ...]
    sign: Sign = "unknown"
    sign_text: str = ""  # between it and the block before it, in words
    struck: bool = False  # as last known, not as it is
    processes: tuple[Process, ...] = ()


@dataclass(frozen=True, slots=True)
class Three:
    """All three; `wrong`: they differ for too long."""

    asked: Block
    force: Block
    measured: Block
    wrong: bool
    lane: Chart


def three_of(seen: Seen, force: InForce, measured: Measured) -> Three:
    """What stands below the headline."""
    return Three(
        asked_block(seen),
        force_block(seen, force),
        measured_block(seen, force, measured),
        seen.watched.is_wrong(seen.now),
        lane_of(seen),
    )


def numbers_of(shares: Shares, base: Pipeline) -> tuple[Number, ...]:
    """The candidates' shares, without the percent sign; where there is one candidate, its share alone."""
    found = candidates(shares, base)
    if not found:
        return (Number(bare(shares.get(base, 100.0)), base),)
    return tuple(Number(bare(share), version if len(found) > 1 else "") for version, share in found)


def bare(percent: float) -> str:
    return f"{percent:.1f}".removesuffix(".0")


def asked_block(seen: Seen) -> Block:
    """What the flags say."""
    asked = seen.asked
    title = f"Asked for, in {'Unleash' if seen.kept_in == 'unleash' else 'the flag file'}"
    if asked.override is not None:
        since = minute_text(asked.override.since)
        who = f"override by {asked.override.actor} since {since} UTC: everybody on {asked.base}"
        flags = "" if asked.rollout is None else f"the flags say {flags_text(asked)}"
        notes = tuple(note for note in (who, flags, asked.override.why) if note)
        return Block("Asked for, by the override", numbers_of({asked.base: 100.0}, asked.base), "", notes)
    shares = asked.shares
    if shares is None:
        return Block(title, (), "unknown", (f"everybody gets {asked.base}", *problem_notes(asked)), struck=True)
    notes = tuple(note for note in (changed_text(last_change(seen.dials)), *off_notes(asked)) if note)
    if not asked.fresh:
        aged = f"as last known, {span_text(asked.age_seconds)} old"
        return Block(title, numbers_of(shares, asked.base), "", (aged, *problem_notes(asked), *notes), struck=True)
    read = f"read {span_text(asked.age_seconds)} ago" if asked.age_seconds >= 1 else "read just now"
    return Block(title, numbers_of(shares, asked.base), "", (*notes, read))


def off_notes(asked: Asked) -> list[str]:
    """Versions whose flag is off, with the share that is kept for when it is turned on."""
    rollout = asked.rollout
    ladder = () if rollout is None else rollout.ladder
    kept = [one for one in ladder if not one.enabled and one.percent]
    return [f"{one.pipeline} is off, {percent_text(one.percent)} are kept" for one in kept]


def problem_notes(asked: Asked) -> tuple[str, ...]:
    return () if asked.problem is None else (asked.problem,)


def flags_text(asked: Asked) -> str:
    shares = {} if asked.rollout is None else asked.rollout.shares()
    found = candidates(shares, asked.base)
    return ", ".join(f"{version} {percent_text(share)}" for version, share in found) or f"everybody on {asked.base}"


def last_change(dials: Held[list[DialRow]]) -> DialRow | None:
    return dials.value[0] if dials.value else None


def changed_text(row: DialRow | None) -> str:
    """Who turned it, and when."""
    return "" if row is None else f"by {row.actor}, {minute_text(row.at)} UTC"


def force_block(seen: Seen, force: InForce) -> Block:
    """What the processes do."""
    total = len(force.processes)
    if seen.processes.value is None:
        return Block("In force", (), "unknown", (not_read("the processes", seen.processes.problem),))
    if not total:
        return Block("In force in none", (), "unknown", ("no process has said what it does",), "unknown")
    title = f"In force in {len(force.following)} of {total}"
    shares = force.shares
    numbers = numbers_of(shares, seen.asked.base) if shares is not None else ()
    said = "" if numbers else ("mixed" if force.known else "unknown")
    words = {
        "agrees": "equal to what was asked for",
        "differs": "different from what was asked for",
        "unknown": "not known to be what was asked for",
    }
    processes = tuple(
        Process(one.name, one.sign, process_text(one.shares, one.silent_seconds, seen.asked.base))
        for one in sorted(force.processes, key=lambda one: (one.sign == "agrees", one.name))
    )
    return Block(title, numbers, said, (), force.sign, words[force.sign], processes=processes)


def process_text(shares: Shares | None, silent_seconds: float, base: Pipeline) -> str:
    """`25 %`, `unknown, silent for 40 s`."""
    if shares is None:
        return f"unknown, silent for {span_text(silent_seconds)}"
    found = candidates(shares, base)
    if len(found) == 1:
        return percent_text(found[0][1])
    return ", ".join(f"{version} {percent_text(share)}" for version, share in found) or f"everybody on {base}"


def measured_block(seen: Seen, force: InForce, measured: Measured) -> Block:
    """What users got."""
    counted = measured.counted
    if counted is None:
        text = "is being read" if seen.counted.being_read else not_read("the users", seen.counted.problem)
        return Block("Measured", (), "not yet", (text,))
    since = counted.only_since or counted.since
    title = "Measured so far" if since <= EVER else f"Measured since {since_text(since, seen.now)}"
    old = (f"read {span_text(seen.counted.age_seconds)} ago",) if seen.counted.age_seconds >= 10 else ()
    if not measured.shares:
        came = f"{count_text(measured.users)} users came since then"
        return Block(title, (), "too few", (came, *reasons(measured), *old))
    mine = [one for one in measured.shares if one.pipeline != seen.asked.base] or list(measured.shares)
    several = len(mine) > 1
    numbers = tuple(Number(bare(one.percent), one.pipeline if several else "") for one in mine)
    notes = tuple(
        f"{f'{one.pipeline}: ' if several else ''}{count_text(one.users)} of {count_text(measured.users)} users; "
        f"{bare(one.low)} to {percent_text(one.high)} is chance"
        for one in mine
    )
    why = reasons(measured) if measured.sign == "differs" else ()
    return Block(title, numbers, "", (*notes, *why, *old), measured.sign, measured_words(force, measured))


def measured_words(force: InForce, measured: Measured) -> str:
    """The sign before it, in words."""
    if measured.sign == "agrees":
        return "agrees with it within chance"
    if measured.sign == "differs":
        return "does not agree: outside of chance"
    return "cannot be compared: not every process is known to do it" if force.processes else "cannot be compared"


def reasons(measured: Measured) -> tuple[str, ...]:
    """Who is in no share, and why."""
    others = {} if measured.counted is None else measured.counted.others
    told = ", ".join(f"{reason_text(reason)} {count_text(users)}" for reason, users in sorted(others.items()))
    return (f"outside the flag: {told}",) if told else ()


def since_text(at: datetime, now: datetime) -> str:
    """`20:40`; with the day, if that was not today."""
    return minute_text(at) if at.date() == now.date() else f"{at:%Y-%m-%d} {minute_text(at)}"


def not_read(what: str, problem: str | None) -> str:
    return f"{what} could not be read: {problem}" if problem else f"{what}: being read"


def lane_of(seen: Seen) -> Chart:
    """The strip of shares as asked for, with the steps of the active ramp."""
    asked = seen.asked
    shares = asked.shares or {asked.base: 100.0}
    parts = [Part(version, order_of(version, seen.versions), share) for version, share in shares.items()]
    ramp = seen.ramp.value[0] if seen.ramp.value else None
    ticks = ticks_of(ramp, seen) if ramp is not None and ramp.active and asked.override is None else []
    return draw_lane("lane", "Shares of users", parts, ticks)


def ticks_of(ramp: Ramp, seen: Seen) -> list[Tick]:
    """Each step, done, in force or next."""
    ticks = []
    for index, step in enumerate(ramp.plan.steps):
        if index == ramp.step:
            since = "" if ramp.moved_at is None else f"since {since_text(ramp.moved_at, seen.now)}"
            ticks.append(Tick(step, "now", since))
        else:
            last = index == len(ramp.plan.steps) - 1
            note = "next" if index == ramp.step + 1 else "last step" if last else ""
            ticks.append(Tick(step, "done" if index < ramp.step else "next", "" if index < ramp.step else note))
    return ticks


def order_of(version: Pipeline, versions: Sequence[Pipeline]) -> int:
    """A version's place among all, the oldest is 0."""
    return list(versions).index(version) if version in versions else len(versions)
