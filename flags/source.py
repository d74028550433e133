"""Where decisions come from: one Protocol, and the choice between a real Unleash server and `flags.json`."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from flags.file.source import FileSource
from flags.last_known.snapshot import Subscriber, Traits
from flags.model import Decision, FlagState, Pipeline, Versions
from flags.unleash.api import Endpoint
from flags.unleash.source import PollTiming, UnleashSource


class FlagSource(Protocol):
    """Knows the flags. Decisions are answered from memory and are never held up by the source."""

    async def start(self) -> None:
        """Load what is known and begin to watch; bounded in time, never fails because the source does."""
        ...

    async def stop(self) -> None:
        """Stop watching; nothing of it runs afterwards."""
        ...

    async def refresh(self) -> FlagState:
        """Look now, past every cache; a failure is in the state, not raised."""
        ...

    def decide(self, user_id: str) -> Decision:
        """This user's pipeline, from memory: no I/O, never raises."""
        ...

    def allows(self, version: Pipeline, user_id: str) -> bool:
        """Whether one version's flag, whatever the others say, is on for a user; true of the base and older ones."""
        ...

    def is_older(self, revision: str) -> bool:
        """Whether flags of this revision were in force here, and are over."""
        ...

    def expect(self, flags: Iterable[str]) -> None:
        """Flags that are known to have existed before this process began: it is loud where they are missing."""
        ...

    @property
    def versions(self) -> Versions:
        """The ladder now: `state().versions`, for those who ask at every request or job."""
        ...

    def use_base(self, base: Pipeline | None) -> None:
        """Decide with another base, a promoted one, or with None by the one that was set."""
        ...

    def state(self) -> FlagState:
        """What is known right now."""
        ...

    def subscribe(self, callback: Subscriber) -> None:
        """Call back with (before, after) when the flags change, or the source falls ill or recovers."""
        ...


def open_source(  # noqa: PLR0913 (one keyword a setting)
    *,
    data_dir: Path,
    unleash_url: str | None = None,
    unleash_token: str | None = None,
    poll_seconds: float = 1.0,
    timeout_seconds: float = 2.0,
    traits: Traits | None = None,
    led_elsewhere: Callable[[], bool] = lambda: False,
) -> FlagSource:
    """A source that is not yet started: Unleash when a URL is given, else `flags.json` in `data_dir`.

    `led_elsewhere`: another process asks Unleash every `poll_seconds` now, and tells this one of changes.
    """
    traits = traits or Traits()
    backups = data_dir / "last-known-flags"
    if unleash_url is None:
        return FileSource(data_dir / "flags.json", backups, traits)
    endpoint = Endpoint(unleash_url, unleash_token or "", timeout_seconds)
    return UnleashSource(endpoint, backups, traits, PollTiming(poll=poll_seconds), led_elsewhere)
