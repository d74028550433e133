"""What this process knows of the flags: the last good document, its age, the last error, and who wants to hear."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from flags.document.document import FlagDocument
from flags.evaluate.decider import NO_DOCUMENT, Decider
from flags.model import BASELINE, V2_NAMES, Decision, FlagNames, FlagState

log = structlog.get_logger()

Subscriber = Callable[[FlagState, FlagState], None]  # (before, after)
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Traits:
    """What a source needs to know to decide."""

    app_name: str = "soulprint-gateway"
    environment: str = "development"
    same_share: float = 10.0  # percent of the shadow sample that reruns its own pipeline, to measure noise
    names: FlagNames = V2_NAMES


@dataclass(slots=True)
class Counts:
    """How often each flag was on and off since the last report to Unleash."""

    names: FlagNames
    on: int = 0
    off: int = 0
    shadow_on: int = 0
    shadow_off: int = 0

    def by_flag(self) -> dict[str, tuple[int, int]]:
        """flag -> (on, off)"""
        return {self.names.split: (self.on, self.off), self.names.shadow: (self.shadow_on, self.shadow_off)}


class Known:
    """Keeps the last good flags whatever happens after them."""

    def __init__(self, source: str, traits: Traits, clock: Clock = time.monotonic) -> None:
        self._source = source
        self._traits = traits
        self._clock = clock
        self._decider: Decider | None = None
        self._refreshed_at = clock()
        self._error: str | None = None
        self._healthy = False
        self._refreshes = 0
        self._failures = 0
        self._subscribers: list[Subscriber] = []
        self.counts = Counts(traits.names)

    def decide(self, user_id: str) -> Decision:
        """From memory; v1 when no flags were ever known."""
        if self._decider is None:
            return NO_DOCUMENT
        decision = self._decider.decide(user_id)
        counts = self.counts
        if decision.pipeline == BASELINE:
            counts.off += 1
        else:
            counts.on += 1
        if decision.shadow is None:
            counts.shadow_off += 1
        else:
            counts.shadow_on += 1
        return decision

    @property
    def decider(self) -> Decider | None:
        """The decisions by the last good document."""
        return self._decider

    def accept(self, document: FlagDocument) -> None:
        """A good document arrived just now. Raises BadDocument if the engine cannot take it; nothing changed then."""
        decider = self._decider
        if decider is None or decider.document != document:
            decider = self._build(document)
        before = self.state()
        self._decider = decider
        self._succeed(before)

    def restore(self, document: FlagDocument, age_seconds: float) -> None:
        """The last known flags of an earlier process: good to decide by, until a refresh succeeds."""
        before = self.state()
        self._decider = self._build(document)
        self._refreshed_at = self._clock() - max(age_seconds, 0.0)
        self._tell(before)

    def confirm(self) -> None:
        """The source says that nothing has changed."""
        self._succeed(self.state())

    def fail(self, error: str) -> None:
        """A refresh failed: decisions stay as they are, and the state says so."""
        before = self.state()
        if self._healthy or self._error != error:
            log.warning("flags_not_refreshed", source=self._source, error=error)
        self._healthy, self._error = False, error
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
        )

    def subscribe(self, callback: Subscriber) -> None:
        """Call back, on the loop, when the flags change or the source falls ill or recovers."""
        self._subscribers.append(callback)

    def _build(self, document: FlagDocument) -> Decider:
        traits = self._traits
        return Decider(document, same_share=traits.same_share, app_name=traits.app_name, environment=traits.environment)

    def _succeed(self, before: FlagState) -> None:
        if self._error is not None:
            log.info("flags_refreshed_again", source=self._source)
        self._healthy, self._error = True, None
        self._refreshes += 1
        self._refreshed_at = self._clock()
        self._tell(before)

    def _tell(self, before: FlagState) -> None:
        after = self.state()
        if (before.known, before.healthy, before.revision) == (after.known, after.healthy, after.revision):
            return
        for callback in self._subscribers:
            try:
                callback(before, after)
            except Exception:  # a listener's failure must not stop the flags
                log.exception("flag_subscriber_broke")
