"""How long a rollback took in this process: from its commit to the last start of a job that it was to keep away."""

from dataclasses import dataclass, field
from datetime import datetime

from flags.model import Pipeline


@dataclass(frozen=True, slots=True)
class Rollback:
    """One version was turned off, or by the override all of them."""

    at: datetime
    version: Pipeline | None


@dataclass(slots=True)
class FlipClock:
    """Told of starts and of rollbacks, in whichever order it hears of them; all times are the database's."""

    rollback: Rollback | None = None
    last_starts: dict[Pipeline, datetime] = field(default_factory=dict)

    def started(self, version: Pipeline, at: datetime) -> None:
        """A job of a version that can be rolled back was started, for the first time."""
        if version not in self.last_starts or at > self.last_starts[version]:
            self.last_starts[version] = at

    def rolled_back(self, at: datetime, version: Pipeline | None = None) -> None:
        """A rollback was committed: of a version, or of all."""
        self.rollback = Rollback(at, version)

    def turned_on(self, version: Pipeline | None = None) -> None:
        """A version is on again, or all are: from now on its starts are not counted against its rollback."""
        if self.rollback is not None and self.rollback.version == version:
            self.rollback = None

    @property
    def seconds(self) -> float | None:
        """From the rollback's commit to the last such start; 0 if there was none since; None outside a rollback."""
        if self.rollback is None:
            return None
        version = self.rollback.version
        starts = [at for name, at in self.last_starts.items() if version in {None, name}]
        return max([0.0, *((at - self.rollback.at).total_seconds() for at in starts)])
