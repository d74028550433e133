"""What this process knows of the flags: the last good document, its age, the last error, and who wants to hear."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import structlog

from flags.document.document import BadDocument, FlagDocument, assemble
from flags.evaluate.decider import NO_DOCUMENT, Decider
from flags.evaluate.flag import Flag, Sdk, build_flag
from flags.model import SHADOW_FLAG, TWO_VERSIONS, Decision, FlagState, Pipeline, Versions, flag_of

log = structlog.get_logger()

Subscriber = Callable[[FlagState, FlagState], None]  # (before, after)
Clock = Callable[[], float]
KEPT_REVISIONS = 1000


@dataclass(frozen=True, slots=True)
class Traits:
    """What a source needs to know to decide."""

    app_name: str = "soulprint-gateway"
    environment: str = "development"
    same_share: float = 10.0  # percent of the shadow sample for which one version runs twice, to measure noise
    versions: Versions = TWO_VERSIONS


@dataclass(slots=True)
class Counts:
    """How often each flag was on and off since the last report to Unleash."""

    versions: Versions
    given: dict[Pipeline, int] = field(default_factory=dict)  # how many decisions each version was given by
    shadow_on: int = 0
    shadow_off: int = 0

    def by_flag(self) -> dict[str, tuple[int, int]]:
        """flag -> (on, off); a flag is only asked when no newer one was on."""
        counted: dict[str, tuple[int, int]] = {}
        asked = sum(self.given.values())
        for version in reversed(self.versions.flagged):
            on = self.given.get(version, 0)
            counted[flag_of(version)] = (on, asked - on)
            asked -= on
        return {**counted, SHADOW_FLAG: (self.shadow_on, self.shadow_off)}


class Known:
    """Keeps the last good flags whatever happens after them: the half of a `FlagSource` that decides.

    A source adds how it hears of the next ones.
    """

    def __init__(self, source: str, traits: Traits, clock: Clock = time.monotonic) -> None:
        self._source = source
        self._traits = traits
        self._clock = clock
        self._decider: Decider | None = None
        self._refreshed_at = clock()
        self._error: str | None = None
        self._healthy = False
        self._partial = False
        self._read_at: float | None = None
        self._existed: frozenset[str] = frozenset()  # flags that others knew
        self._missing: tuple[str, ...] = ()  # flags that were known, and are in the document no more
        self._refreshes = 0
        self._failures = 0
        self._subscribers: list[Subscriber] = []
        self._versions = traits.versions
        self._older: dict[str, None] = {}  # revisions that were in force here before the present one, oldest first
        self.counts = Counts(traits.versions)

    def decide(self, user_id: str) -> Decision:
        """From memory; the base when no flags were ever known."""
        if self._decider is None:
            return replace(NO_DOCUMENT, pipeline=self._versions.base, base=self._versions.base)
        decision = self._decider.decide(user_id)
        counts, given = self.counts, self.counts.given
        given[decision.pipeline] = given.get(decision.pipeline, 0) + 1
        if decision.shadow is None:
            counts.shadow_off += 1
        else:
            counts.shadow_on += 1
        return decision

    def allows(self, version: Pipeline, user_id: str) -> bool:
        """Whether a version's flag is on for a user; where no flags were ever known, nothing is forbidden."""
        return self._decider is None or self._decider.allows(version, user_id)

    def is_older(self, revision: str) -> bool:
        """Whether this revision was in force here before the present one."""
        return revision in self._older

    def expect(self, flags: Iterable[str]) -> None:
        """Flags that are known to have existed before this process began."""
        self._existed = frozenset(flags)
        if self._decider is not None:
            self._look_for_missing(self._decider)

    @property
    def versions(self) -> Versions:
        """The ladder now."""
        return self._versions

    def use_base(self, base: Pipeline | None) -> None:
        """Another base than the one that was set, or the one that was set; in force with the next decision."""
        versions = self._traits.versions.promoted_to(base)
        if versions == self._versions:
            return
        before = self.state()
        self._versions = versions
        if self._decider is not None:
            self._decider = self._build(self._decider.document, self._decider.flags)
        self._tell(before)

    @property
    def document(self) -> FlagDocument | None:
        """What is in force: each flag as it was last read."""
        return None if self._decider is None else self._decider.document

    def accept(self, document: FlagDocument) -> None:
        """A document arrived just now. Each of its flags that can be read is in force; the others stay as they were.

        Raises BadDocument if none can be read; nothing changed then.
        """
        before = self.state()
        decider = self._merge(document)
        self._look_for_missing(decider)
        self._decider = decider
        self._remember(before.revision)
        self._settle(before)

    def restore(self, document: FlagDocument, age_seconds: float) -> None:
        """The last known flags of an earlier process: good to decide by, until a refresh succeeds."""
        before = self.state()
        self._decider = self._merge(document)
        self._refreshed_at = self._clock() - max(age_seconds, 0.0)
        self._tell(before)

    def confirm(self) -> None:
        """The source says that nothing has changed."""
        self._settle(self.state())

    def _settle(self, before: FlagState) -> None:
        """A document was read, or is still what it was: wholly, or but for the flags that cannot be read."""
        self._read_at = self._clock()
        broken = {} if self._decider is None else self._decider.document.broken
        if broken:
            self._fail(before, "; ".join(broken.values()), partial=True)
        else:
            self._succeed(before)

    def fail(self, error: str) -> None:
        """A refresh failed: decisions stay as they are, and the state says so."""
        self._fail(self.state(), error)

    def _fail(self, before: FlagState, error: str, *, partial: bool = False) -> None:
        if self._healthy or self._error != error:
            log.warning("flags_not_refreshed", source=self._source, error=error)
        self._healthy, self._partial, self._error = False, partial, error
        self._failures += 1
        self._tell(before)

    def state(self) -> FlagState:
        """A snapshot for `/ready`, metrics and logs."""
        decider = self._decider
        return FlagState(
            source=self._source,
            known=decider is not None,
            healthy=self._healthy,
            revision=decider.document.revision if decider else "",
            dial=decider.rollout.dial if decider else 0.0,
            age_seconds=max(self._clock() - self._refreshed_at, 0.0),
            error=self._error,
            rollout=decider.rollout if decider else None,
            refreshes=self._refreshes,
            failures=self._failures,
            versions=self._versions,
            partial=self._partial,
            missing=tuple(name for name in self._missing if name in self._asked_flags),
            read_seconds=None if self._read_at is None else self._clock() - self._read_at,
        )

    def subscribe(self, callback: Subscriber) -> None:
        """Call back, on the loop, when the flags change or the source falls ill or recovers."""
        self._subscribers.append(callback)

    def _merge(self, document: FlagDocument) -> Decider:
        """A flag that cannot be read stays as it was. Raises BadDocument if that leaves none."""
        old = {} if self._decider is None else self._decider.flags
        sdk = Sdk(self._traits.app_name, self._traits.environment)
        flags, broken = dict[str, Flag](), dict(document.broken)
        for name, part in document.parts.items():
            try:
                known = old.get(name)
                flags[name] = known if known is not None and known.part == part else build_flag(part, sdk)
            except BadDocument as error:
                broken[name] = str(error)
        flags |= {name: old[name] for name in broken if name in old}
        if broken and not flags:
            raise BadDocument("; ".join(broken.values()))
        whole = assemble({name: flag.part for name, flag in flags.items()}, broken, document.versions)
        same = self._decider is not None and self._decider.document == whole
        return self._decider if same and self._decider is not None else self._build(whole, flags)

    def _look_for_missing(self, now: Decider) -> None:
        """A flag that was known and is in the document no more is off for everybody: believed, and told loudly."""
        here = () if self._decider is None else self._decider.flags
        known = self._existed.union(self._missing, here)
        missing = tuple(sorted(name for name in known if name not in now.flags))
        if set(missing) - set(self._missing):
            log.error("known_flags_missing", source=self._source, flags=missing)
        self._missing = missing

    @property
    def _asked_flags(self) -> tuple[str, ...]:
        """Those that somebody is served by: not that of a version that was promoted, which may go."""
        return (*map(flag_of, self._versions.ladder), SHADOW_FLAG)

    def _build(self, document: FlagDocument, flags: Mapping[str, Flag]) -> Decider:
        return Decider(document, flags, same_share=self._traits.same_share, versions=self._versions)

    def _remember(self, before: str) -> None:
        """Contents may come back: what is in force again is not older."""
        now = "" if self._decider is None else self._decider.document.revision
        if before and before != now:
            self._older.pop(before, None)
            self._older[before] = None
        self._older.pop(now, None)
        while len(self._older) > KEPT_REVISIONS:
            del self._older[next(iter(self._older))]

    def _succeed(self, before: FlagState) -> None:
        if self._error is not None:
            log.info("flags_refreshed_again", source=self._source)
        self._healthy, self._partial, self._error = True, False, None
        self._refreshes += 1
        self._refreshed_at = self._clock()
        self._tell(before)

    def _tell(self, before: FlagState) -> None:
        after = self.state()
        if _told(before) == _told(after):
            return
        for callback in self._subscribers:
            try:
                callback(before, after)
            except Exception:  # a listener's failure must not stop the flags
                log.exception("flag_subscriber_broke")


def _told(state: FlagState) -> tuple[object, ...]:
    """What subscribers hear of when it changes."""
    return state.known, state.healthy, state.revision, state.versions, state.rollout and state.rollout.broken
