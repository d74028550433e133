"""Which restrictions a machine imposes on the processes of runs and comparisons, and which it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass

# By name, what each keeps such a process from. Whatever needs no help of the kernel is not here: it always stands.
RESTRICTIONS: Mapping[str, str] = {
    "privileges": "having or gaining any capability or other user's rights",
    "memory": "reading the memory or the environment of the worker, of another run, or of anybody else",
    "files": "reading anything but code and its own folder, and writing anything outside of that folder",
    "network": "opening a connection, of whatever kind, to whatever is on this machine or elsewhere",
    "processes": "signalling, tracing or slowing other processes, and leaving the group that is ended with it",
}


@dataclass(frozen=True, slots=True)
class Confinement:
    """What was found when it was tried: the restrictions that are not there, each with the reason."""

    missing: Mapping[str, str]

    @property
    def whole(self) -> bool:
        """Does every restriction stand?"""
        return not self.missing

    @property
    def standing(self) -> tuple[str, ...]:
        """The names of those that do."""
        return tuple(name for name in RESTRICTIONS if name not in self.missing)

    def __str__(self) -> str:
        """For people: one line."""
        if self.whole:
            return f"all restrictions stand: {', '.join(RESTRICTIONS)}"
        return "not there: " + "; ".join(f"{name} ({why})" for name, why in self.missing.items())


UNTRIED = Confinement(dict.fromkeys(RESTRICTIONS, "not tried"))
