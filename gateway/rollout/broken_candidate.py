"""The flags of a process that cannot import the candidate: each decision is one without it, and says why."""

from collections.abc import Iterable
from dataclasses import replace

from flags.last_known.snapshot import Subscriber
from flags.model import Decision, FlagState, Pipeline, Versions
from flags.source import FlagSource


class WithoutCandidate:
    """A `FlagSource` over another one, whose state it tells as it is. Nothing is planned to be compared with it."""

    def __init__(self, source: FlagSource) -> None:
        self._source = source

    async def start(self) -> None:
        """Start the source beneath."""
        await self._source.start()

    async def stop(self) -> None:
        """Stop the source beneath."""
        await self._source.stop()

    async def refresh(self) -> FlagState:
        """Refresh the source beneath."""
        return await self._source.refresh()

    def decide(self, user_id: str) -> Decision:
        """What the user has without it: the ladder beneath leaves it out."""
        decision = self._source.decide(user_id)
        versions = self._source.versions
        pipeline = versions.base if decision.pipeline == versions.candidate else decision.pipeline
        shadow = None if decision.shadow == "other" else decision.shadow
        return replace(decision, pipeline=pipeline, reason="candidate_broken", shadow=shadow)

    def allows(self, version: Pipeline, user_id: str) -> bool:
        """As the flags say."""
        return self._source.allows(version, user_id)

    def is_older(self, revision: str) -> bool:
        """As the source remembers."""
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
        """What the source knows."""
        return self._source.state()

    def subscribe(self, callback: Subscriber) -> None:
        """Hear of changes of the flags."""
        self._source.subscribe(callback)
