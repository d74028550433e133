"""The flags of a process that cannot import the candidate: everybody gets the baseline, and each decision says why."""

from dataclasses import replace

from flags.last_known.snapshot import Subscriber
from flags.model import BASELINE, Decision, FlagState
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
        """The baseline, whatever the flags say."""
        decision = self._source.decide(user_id)
        shadow = None if decision.shadow == "other" else decision.shadow
        return replace(decision, pipeline=BASELINE, reason="candidate_broken", shadow=shadow)

    def state(self) -> FlagState:
        """What the source knows."""
        return self._source.state()

    def subscribe(self, callback: Subscriber) -> None:
        """Hear of changes of the flags."""
        self._source.subscribe(callback)
