"""Which versions a rehearsal plays: the newest as the candidate, and the one before it as what it would replace."""

from collections.abc import Iterable
from dataclasses import dataclass

from flags.model import Pipeline, Versions
from pipelines.versions import list_versions, oldest_first


class NoCandidate(Exception):
    """There is nothing to roll out; the message says why."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The stable version is the base of the rehearsal's own processes, whatever is older than it."""

    stable: Pipeline
    candidate: Pipeline

    @property
    def versions(self) -> Versions:
        """The ladder in those processes."""
        return Versions(self.stable, (self.candidate,), self.candidate)

    @property
    def settings(self) -> dict[str, str]:
        """What those processes have to be told."""
        return {"BASE_PIPELINE": self.stable}


def find_roles(names: Iterable[Pipeline] | None = None) -> Roles:
    """The roles of the versions that are there. Raises NoCandidate where there is only one."""
    match oldest_first(list_versions() if names is None else names):
        case [*_, stable, candidate]:
            return Roles(stable, candidate)
        case found:
            only = found[0] if found else "no pipeline"
            raise NoCandidate(f"only {only} is there: a rehearsal needs a version to roll out, and one to go back to")
