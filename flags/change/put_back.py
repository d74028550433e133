"""One flag put back to what it said before: percentage, on or off, users by name; what else it holds stays."""

from dataclasses import dataclass, replace

from flags.change.edit import FlagSetting, Named, percent_in, with_percent, with_user
from flags.model import VersionRollout


@dataclass(frozen=True, slots=True)
class PutBack:
    """What of one version's flag becomes different; None, and users who are not named here: as they are."""

    percent: float | None = None
    enabled: bool | None = None
    named: tuple[tuple[str, Named | None], ...] = ()

    def edit(self, setting: FlagSetting, flag: str) -> FlagSetting:
        """Raises InvalidChange."""
        strategies = setting.strategies
        if self.percent is not None and (not strategies or percent_in(strategies) != self.percent):
            strategies = with_percent(strategies, flag, self.percent)
        for user, named in self.named:
            strategies = with_user(strategies, flag, user, named)
        return FlagSetting(setting.enabled if self.enabled is None else self.enabled, strategies)

    def on(self, version: VersionRollout) -> VersionRollout:
        """The version's flag afterwards, as a person would read it."""
        renamed = {user for user, _ in self.named}
        percent = version.percent if self.percent is None else self.percent
        return replace(
            version,
            percent=percent,
            enabled=version.enabled if self.enabled is None else self.enabled,
            served=version.served if percent == version.percent else None,
            forced_in=_without(version.forced_in, renamed) + self._those("in"),
            forced_out=_without(version.forced_out, renamed) + self._those("out"),
        )

    def _those(self, wanted: Named) -> tuple[str, ...]:
        return tuple(user for user, named in self.named if named == wanted)


def _without(users: tuple[str, ...], gone: set[str]) -> tuple[str, ...]:
    return tuple(user for user in users if user not in gone)
