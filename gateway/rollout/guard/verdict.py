"""What a judge says: one finding a question, each with its numbers in words."""

from dataclasses import dataclass
from typing import Literal

Phase = Literal["ok", "breach", "inconclusive", "error"]
WORST_FIRST: tuple[Phase, ...] = ("breach", "error", "inconclusive", "ok")
Check = Literal[
    "sample",  # is the split what the dial says?
    "failures",  # does it fail more?
    "time",  # does it take longer?
    "dependencies",  # does a service fail users' jobs, of whatever version?
    "guard",  # what the guard says, for a ramp
    "harm",  # is the difference known to be within the margin?
    "overdue",
    "duration",
    "evidence",  # could it be read?
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One question's answer."""

    check: Check
    phase: Phase
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All answers."""

    findings: tuple[Finding, ...]

    @property
    def phase(self) -> Phase:
        """The worst of them; without any, nothing is known."""
        phases = {finding.phase for finding in self.findings}
        return next((phase for phase in WORST_FIRST if phase in phases), "inconclusive")

    @property
    def message(self) -> str:
        """The findings that keep the dial from going up; all of them when none does."""
        telling = [finding.message for finding in self.findings if finding.phase != "ok"]
        return "; ".join(telling or [finding.message for finding in self.findings])


def unreadable(why: str) -> Verdict:
    """The evidence could not be read."""
    return Verdict((Finding("evidence", "error", why),))
