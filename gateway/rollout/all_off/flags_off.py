"""The change that turns flags off: one version's, or all above the base. An emergency waits for no import of it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flags.control import FlagControl
    from flags.model import Pipeline, Rollout


class FlagsOff:
    """Turns one version's flag off; without one, those of all versions above the base, newest first."""

    def __init__(self, version: "Pipeline | None" = None) -> None:
        self.begun = False
        self._version = version

    async def __call__(self, control: "FlagControl") -> "Rollout":
        """Raises a ControlError if one of them could not be turned off; those before it are off then."""
        self.begun = True
        versions: tuple[Pipeline, ...] = control.versions.ladder if self._version is None else (self._version,)
        rollout: Rollout | None = None
        for version in versions:
            rollout = await control.turn_off(version)
        return await control.read() if rollout is None else rollout
