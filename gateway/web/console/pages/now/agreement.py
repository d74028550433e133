"""Three dials and the signs between them: what is asked for, what each process has in force, what users got."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from flags.model import Override, Pipeline, Rollout, number_of
from gateway.rollout.processes.live import LiveProcess
from gateway.statistics.chance import chance_range

Shares = Mapping[Pipeline, float]  # percent of all users by version, the newest first, the base last
Sign = Literal["agrees", "differs", "unknown"]
NEAR: Final = 0.05  # dials have one decimal place
LEAST_USERS: Final = 30  # with fewer nothing is said of a share
CHANCE: Final = 0.001  # of a share outside its interval, at one look, were all as it should be
MOVING_SECONDS: Final = 5.0  # a process may take so long to follow
MOST_LOOKS: Final = 3  # outside of chance in so many looks is no chance


@dataclass(frozen=True, slots=True)
class Asked:
    """What the flags say where they are kept, or what was last known of them."""

    rollout: Rollout | None  # None: never known, everybody gets the base
    base: Pipeline
    override: Override | None = None
    fresh: bool = True
    age_seconds: float = 0.0
    problem: str | None = None  # why it is not fresh

    @property
    def shares(self) -> Shares | None:
        """Who is to get what; None: not known."""
        if self.override is not None:
            return {self.base: 100.0}
        return None if self.rollout is None else self.rollout.shares()


@dataclass(frozen=True, slots=True)
class ProcessDial:
    """One process beside what is asked for. `shares` None: silent, so what it does is not known."""

    name: str
    kind: str
    shares: Shares | None
    sign: Sign
    silent_seconds: float


@dataclass(frozen=True, slots=True)
class InForce:
    """All processes that decide."""

    processes: tuple[ProcessDial, ...]
    sign: Sign

    @property
    def known(self) -> tuple[ProcessDial, ...]:
        """Those that are heard of."""
        return tuple(one for one in self.processes if one.shares is not None)

    @property
    def following(self) -> tuple[ProcessDial, ...]:
        """Those that do what is asked for."""
        return tuple(one for one in self.processes if one.sign == "agrees")

    @property
    def shares(self) -> Shares | None:
        """What all of them have, where all that are known have the same."""
        found = [one.shares for one in self.known if one.shares is not None]
        return found[0] if found and all(same(found[0], one) for one in found) else None


@dataclass(frozen=True, slots=True)
class Counted:
    """Users by the version that the flags chose for them since the dial last moved, and others by why."""

    since: datetime
    users: Mapping[Pipeline, int]
    others: Mapping[str, int] = field(default_factory=dict)
    only_since: datetime | None = None  # there were more jobs than are looked at


@dataclass(frozen=True, slots=True)
class MeasuredShare:
    """One version's users, and between which shares chance leaves them."""

    pipeline: Pipeline
    users: int
    percent: float
    low: float
    high: float

    @property
    def is_chance(self) -> bool:
        return self.low - 1e-9 <= self.percent <= self.high + 1e-9


@dataclass(frozen=True, slots=True)
class Measured:
    """What users got, beside what is in force."""

    counted: Counted | None
    shares: tuple[MeasuredShare, ...]  # the newest first; none while too few users came
    sign: Sign

    @property
    def users(self) -> int:
        return 0 if self.counted is None else sum(self.counted.users.values())


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen at the looks before: a process may be late for a moment, a count may be off by chance once."""

    asked: Shares | None = None
    differs_since: datetime | None = None
    outside_looks: int = 0

    def is_wrong(self, now: datetime) -> bool:
        """For so long that something is the matter."""
        late = self.differs_since is not None and (now - self.differs_since).total_seconds() > MOVING_SECONDS
        return late or self.outside_looks >= MOST_LOOKS


def same(one: Shares, other: Shares) -> bool:
    """Everybody gets the same by both."""
    return all(abs(one.get(version, 0.0) - other.get(version, 0.0)) <= NEAR for version in {*one, *other})


def shares_in(process: LiveProcess) -> Shares | None:
    """What one process gives to users; None where it is silent."""
    if not process.live:
        return None
    left, found = 1.0, dict[Pipeline, float]()
    if not process.override:
        for version in sorted(process.dials, key=number_of, reverse=True):
            found[version] = left * float(process.dials[version].get("dial") or 0.0)
            left -= found[version] / 100
    return {**found, process.base: max(left, 0.0) * 100}


def in_force(processes: Iterable[LiveProcess], asked: Shares | None) -> InForce:
    """Each process that decides for users; commands at a terminal do not."""
    dials = tuple(dial_of(one, asked) for one in processes if one.kind != "cli")
    signs = {dial.sign for dial in dials}
    if "differs" in signs:
        return InForce(dials, "differs")
    return InForce(dials, "agrees" if signs == {"agrees"} else "unknown")


def dial_of(process: LiveProcess, asked: Shares | None) -> ProcessDial:
    """One process beside what is asked for."""
    shares = shares_in(process)
    sign: Sign = "unknown"
    if shares is not None and asked is not None:
        sign = "agrees" if same(shares, asked) else "differs"
    return ProcessDial(process.name, process.kind, shares, sign, process.silent_seconds)


def measure(counted: Counted | None, asked: Shares | None, force: InForce) -> Measured:
    """Users beside what is asked for; that both agree is said only where every process is known to do it."""
    total = 0 if counted is None else sum(counted.users.values())
    if counted is None or asked is None or total < LEAST_USERS:
        return Measured(counted, (), "unknown")
    versions = sorted({*asked, *counted.users}, key=number_of, reverse=True)
    shares = tuple(measured_share(version, counted.users, asked, total) for version in versions)
    if not all(share.is_chance for share in shares):
        return Measured(counted, shares, "differs")
    return Measured(counted, shares, "agrees" if force.sign == "agrees" else "unknown")


def measured_share(version: Pipeline, users: Mapping[Pipeline, int], asked: Shares, total: int) -> MeasuredShare:
    """One version's share, with chance's part of it; all versions together are outside by `CHANCE` at most."""
    low, high = chance_range(total, asked.get(version, 0.0) / 100, CHANCE / max(len(asked), 1))
    count = users.get(version, 0)
    return MeasuredShare(version, count, count / total * 100, low / total * 100, high / total * 100)


def watch(before: Watched, now: datetime, asked: Shares | None, force: InForce, measured: Measured) -> Watched:
    """One look more. A dial that is turned begins anew."""
    if asked is None or before.asked is None or not same(before.asked, asked):
        before = Watched(asked)
    since = before.differs_since or now
    return replace(
        before,
        differs_since=since if force.sign == "differs" else None,
        outside_looks=before.outside_looks + 1 if measured.sign == "differs" else 0,
    )


def candidates(shares: Shares | None, base: Pipeline) -> Sequence[tuple[Pipeline, float]]:
    """The versions above the base with their shares, the newest first."""
    return [(version, share) for version, share in (shares or {}).items() if version != base]
