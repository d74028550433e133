"""What the flags decide for one user, and what is known of them: values only, no I/O, no clock, no randomness."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self

V2_FLAG = "process-full-v2"
SHADOW_FLAG = "process-full-shadow"
BASELINE = "v1"  # the base where nothing else is set or promoted

Pipeline = str  # a pipeline's folder name: "v1", "v2", ...
Reason = Literal[
    "flag",  # the flags chose: the newest version that is on for this user, else the base
    "forced",  # the caller pinned the pipeline (/process-full-v2)
    "v1_only",  # the request has no stored export, and v1 serves it: what it has always been called
    "capability",  # the request has no stored export, which the user's version does not take: an older one that does
    "no_user",  # empty or unknown user: the base
    "flags_unavailable",  # no flags were ever known: the base
    "override",  # an operator's local override is in force
    "candidate_broken",  # the candidate cannot be imported here: what the user would have without it
    "rolled_back",  # accepted for a version whose flag was turned off before the job started
    "retired",  # accepted for a version older than the base, whose folder was deleted before the job started
]
Shadow = Literal["other", "same"]  # the other version, or one version twice, to measure noise


def flag_of(version: Pipeline) -> str:
    """The flag that says who gets a version."""
    return f"process-full-{version}"


def number_of(version: Pipeline) -> int:
    """Versions are older and newer by their numbers: v2, v3, v10."""
    digits = version.removeprefix("v")
    return int(digits) if digits.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Versions:
    """The ladder: everybody gets the newest version whose flag is on for them, else the base."""

    base: Pipeline = BASELINE
    flagged: tuple[Pipeline, ...] = ("v2",)  # those that have a flag, oldest first; a promoted base is among them
    candidate: Pipeline = "v2"  # the one that commands address when they name none
    broken: tuple[Pipeline, ...] = ()  # those that cannot be imported here: their flags are read, and not asked

    @classmethod
    def known(cls, usable: Iterable[Pipeline], base: Pipeline = BASELINE, candidate: Pipeline | None = None) -> Self:
        """The versions that can be used here; without a candidate, the newest is addressed.

        The oldest stands in for a base that was deleted: nobody is given what is not there.
        """
        there = sorted(usable, key=number_of)
        newer = tuple(version for version in there if number_of(version) > number_of(base))
        present = base if base in there or not newer else newer[0]
        return cls(present, newer, candidate or (newer[-1] if newer else base))

    def promoted_to(self, base: Pipeline | None) -> Self:
        """The ladder with another base, if that is a newer one that can be used here."""
        if base not in self.flagged or number_of(base) <= number_of(self.base):
            return self
        return replace(self, base=base)

    @property
    def ladder(self) -> tuple[Pipeline, ...]:
        """The versions whose flags are asked, newest first."""
        newer = (version for version in reversed(self.flagged) if number_of(version) > number_of(self.base))
        return tuple(version for version in newer if version not in self.broken)

    @property
    def flags(self) -> tuple[str, ...]:
        """All flags that are read, oldest version first, the shadow's last."""
        return (*map(flag_of, self.flagged), SHADOW_FLAG)

    @property
    def all(self) -> tuple[Pipeline, ...]:
        """What a user can get, oldest first."""
        return (self.base, *reversed(self.ladder))


TWO_VERSIONS = Versions()


@dataclass(frozen=True, slots=True)
class Asked:
    """One version's flag, as it answered for a user."""

    pipeline: Pipeline
    dial: float  # percent, in force
    on: bool
    group: str  # by whose hash the user stands where they stand


@dataclass(frozen=True, slots=True)
class Decision:
    """One user's pipeline, and all that is needed to explain it later. Stored with the job."""

    pipeline: Pipeline
    reason: Reason
    dial: float  # percent in force, 0 to 100: of the flag that decided; of the candidate's where none was on
    revision: str  # the flag document's revision, "" when none was ever known
    shadow: Shadow | None = None
    chain: tuple[Asked, ...] = ()  # the flags that were asked, newest version first
    base: Pipeline = BASELINE  # the one of that moment: every newer version is on trial


@dataclass(frozen=True, slots=True)
class VersionRollout:
    """One version's flag as a person would read it."""

    pipeline: Pipeline
    percent: float = 0.0  # 0 to 100, as set: kept while the flag is off
    enabled: bool = False
    forced_in: tuple[str, ...] = ()  # users for whom it is on whatever the percentage, while the flag is on
    forced_out: tuple[str, ...] = ()  # users for whom it is off whatever the percentage
    group: str = ""  # by whose hash users are spread
    content: str = ""  # changes with every change of the flag; "" while there is none
    measured: float | None = None  # percent of a fixed sample of ids for which it is on
    served: float | None = None  # what the sample shows, where that cannot be the percentage
    foreign: tuple[str, ...] = ()  # what in it the gateway never writes: served as Unleash's SDK reads it

    @property
    def dial(self) -> float:
        """The percentage in force, 0 to 100: as set, unless the sample shows that something else is served."""
        if not self.enabled:
            return 0.0
        return self.percent if self.served is None else self.served

    @property
    def warning(self) -> str | None:
        """What keeps the dial from being the whole truth."""
        if not self.foreign:
            return None
        return (
            f"{flag_of(self.pipeline)} holds {', '.join(self.foreign)}: served as Unleash's SDK reads it; set to "
            f"{self.percent:g} %, measured {self.measured or 0:g} % of a sample"
        )


@dataclass(frozen=True, slots=True)
class Rollout:
    """All flags as a person would read them. What names no version is about the one that commands address."""

    versions: tuple[VersionRollout, ...]  # newest first
    shadow_percent: float  # in force: 0 while the shadow flag is off
    version: str  # changes with every change of a flag: what optimistic locking compares
    candidate: Pipeline = "v2"
    base: Pipeline = BASELINE
    shadow_group: str = SHADOW_FLAG  # by whose hash users are in the shadow sample
    shadow_content: str = ""
    shadow_foreign: tuple[str, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()  # flags that cannot be read, which stay as they were last, and why

    @property
    def warnings(self) -> tuple[str, ...]:
        """What keeps the dials from being the whole truth, a line each."""
        unread = (f"{flag} stays as it was last: {why}" for flag, why in self.broken)
        foreign = (version.warning for version in self.ladder if version.warning)
        shadow = ", ".join(self.shadow_foreign)
        return (*unread, *foreign, *([f"{SHADOW_FLAG} holds {shadow}"] if shadow else ()))

    def of(self, pipeline: Pipeline) -> VersionRollout:
        """One version's flag; off at 0 % where there is none."""
        found = (version for version in self.versions if version.pipeline == pipeline)
        return next(found, VersionRollout(pipeline, group=flag_of(pipeline)))

    def at(self, pipeline: Pipeline, percent: float) -> "Rollout":
        """The same with another percentage of one version's flag."""
        changed = (
            replace(one, percent=percent, served=None) if one.pipeline == pipeline else one for one in self.versions
        )
        return replace(self, versions=tuple(changed))

    def shares(self) -> dict[Pipeline, float]:
        """Percent of all users by version, newest first, the base last; users called by name not counted.

        Flags of different groups spread users independently: an older one reaches its percentage of whom the newer
        ones leave.
        """
        left, found = 1.0, dict[Pipeline, float]()
        for version in self.ladder:
            found[version.pipeline] = left * version.dial
            left -= left * version.dial / 100
        return {**found, self.base: left * 100}

    def against(self, pipeline: Pipeline) -> Pipeline:
        """The version that most of a version's users would have if its flag were off for them; the newer, of two."""
        older = (version for version in self.versions if number_of(version.pipeline) < number_of(pipeline))
        shares = replace(self, versions=tuple(older)).shares()
        return max(shares, key=lambda version: shares[version])

    @property
    def ladder(self) -> tuple[VersionRollout, ...]:
        """The versions whose flags are asked, newest first."""
        return tuple(version for version in self.versions if number_of(version.pipeline) > number_of(self.base))

    @property
    def addressed(self) -> VersionRollout:
        """The version that commands address when they name none."""
        return self.of(self.candidate)

    @property
    def percent(self) -> float:
        """As set, 0 to 100."""
        return self.addressed.percent

    @property
    def enabled(self) -> bool:
        """Whether the flag is on."""
        return self.addressed.enabled

    @property
    def dial(self) -> float:
        """The percentage in force, 0 to 100."""
        return self.addressed.dial

    @property
    def forced_in(self) -> tuple[str, ...]:
        """Users who get it whatever the percentage."""
        return self.addressed.forced_in

    @property
    def forced_out(self) -> tuple[str, ...]:
        """Users who do not get it whatever the percentage."""
        return self.addressed.forced_out

    @property
    def group(self) -> str:
        """By whose hash users are spread."""
        return self.addressed.group


@dataclass(frozen=True, slots=True)
class Override:
    """Everybody gets the base, whatever the flags say, until an operator lifts it."""

    actor: str
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class FlagState:
    """What this process knows of the flags right now; `/ready`, `/metrics` and logs show it."""

    source: str  # "unleash" or "file"
    known: bool  # False until the first good document
    healthy: bool  # the last refresh succeeded
    revision: str
    dial: float  # of the version that commands address, in force
    age_seconds: float  # since the last successful refresh; since the start when there was none
    error: str | None = None
    rollout: Rollout | None = None
    refreshes: int = 0  # successful ones since the start
    failures: int = 0  # failed ones since the start
    override: Override | None = None  # then the dial is 0, whatever the rollout says
    versions: Versions = TWO_VERSIONS
    partial: bool = False  # the last refresh brought a document in which some of our flags cannot be read
    missing: tuple[str, ...] = ()  # flags that were known here, and are in the document no more: off for everybody
    read_seconds: float | None = None  # since a document was last read, whole or in part

    @property
    def usable(self) -> bool:
        """Whether the last refresh brought something to decide by."""
        return self.healthy or self.partial

    @property
    def warnings(self) -> tuple[str, ...]:
        """What keeps the dials from being the whole truth, a line each."""
        gone = (f"{flag} was known and does not exist any more: off for everybody" for flag in self.missing)
        return (*gone, *(() if self.rollout is None else self.rollout.warnings))
