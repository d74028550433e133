"""A flag source with a switch beside it: while it is thrown, everybody gets the base, whatever the flags say."""

from collections.abc import Iterable
from dataclasses import replace

from flags.last_known.snapshot import Subscriber
from flags.model import Decision, FlagState, Override, Pipeline, Versions
from flags.source import FlagSource


class OverridableSource:
    """A `FlagSource` over another one. Who owns the switch tells it what is in force."""

    def __init__(self, source: FlagSource) -> None:
        self._source = source
        self._override: Override | None = None
        self._subscribers: list[Subscriber] = []
        source.subscribe(self._relay)

    @property
    def override(self) -> Override | None:
        """What is in force."""
        return self._override

    def set_override(self, override: Override | None) -> None:
        """Throw the switch, or lift it; in force with the next decision."""
        if override == self._override:
            return
        before = self.state()
        self._override = override
        self._tell(before, self.state())

    async def start(self) -> None:
        """Start the source beneath."""
        await self._source.start()

    async def stop(self) -> None:
        """Stop the source beneath."""
        await self._source.stop()

    async def refresh(self) -> FlagState:
        """Refresh the source beneath."""
        return self._seen_through(await self._source.refresh())

    def decide(self, user_id: str) -> Decision:
        """From memory. The shadow sample stays as the flags say."""
        decision = self._source.decide(user_id)
        if self._override is None:
            return decision
        return replace(decision, pipeline=self._source.versions.base, reason="override", dial=0.0, chain=())

    def allows(self, version: Pipeline, user_id: str) -> bool:
        """As the flags say."""
        return self._source.allows(version, user_id)

    def is_older(self, revision: str) -> bool:
        """From memory."""
        return self._source.is_older(revision)

    def expect(self, flags: Iterable[str]) -> None:
        """Of the source beneath."""
        self._source.expect(flags)

    @property
    def versions(self) -> Versions:
        """Of the source beneath."""
        return self._source.versions

    def use_base(self, base: Pipeline | None) -> None:
        """Of the source beneath."""
        self._source.use_base(base)

    def state(self) -> FlagState:
        """What the source knows, and the override."""
        return self._seen_through(self._source.state())

    def subscribe(self, callback: Subscriber) -> None:
        """Hear of changes of the flags, and of the override."""
        self._subscribers.append(callback)

    def _seen_through(self, state: FlagState) -> FlagState:
        return state if self._override is None else replace(state, dial=0.0, override=self._override)

    def _relay(self, before: FlagState, after: FlagState) -> None:
        self._tell(self._seen_through(before), self._seen_through(after))

    def _tell(self, before: FlagState, after: FlagState) -> None:
        for callback in self._subscribers:
            callback(before, after)
