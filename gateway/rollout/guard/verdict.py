"""Whether the evidence allows the next step: pure rules over counts, each with its numbers in words.

A better judge may take the place of `judge`: it gets the evidence and the gates, and answers a `Verdict`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Phase = Literal["ok", "failed", "inconclusive", "error"]
WORST_FIRST: tuple[Phase, ...] = ("failed", "error", "inconclusive", "ok")

EARLY_JOBS = 10  # with fewer users' ended jobs nobody is rolled back, however many failed
Z = 2.576  # standard deviations: an early rollback is wrong once in two hundred looks at most
TIMED_JOBS = 30  # that make a median worth comparing
AWAY_USERS = 3  # whose jobs a service failed: with fewer nothing is said of it


@dataclass(frozen=True, slots=True)
class Sample:
    """Users of one pipeline, each by the first job that says something of it, accepted in one span of time."""

    complete: int = 0
    failed: int = 0  # by the pipeline's own fault; what failed otherwise is not counted at all
    median_seconds: float | None = None  # of the runs that can be compared
    timed: int = 0  # how many those are: complete, with an export, as one pipeline from start to end

    @property
    def ended(self) -> int:
        return self.complete + self.failed

    @property
    def failed_share(self) -> float:
        """0 to 1; 0 when nothing ended."""
        return self.failed / self.ended if self.ended else 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What happened since the step began, side by side."""

    candidate: Sample
    baseline: Sample
    earlier: Sample  # the baseline since the ramp began: at 100 % there is no other
    overdue: int  # users whose job of the candidate has been processing for longer than the gate allows
    lately: Mapping[str, int] = field(default_factory=dict)  # users, by the dependency that failed them; "": none did


@dataclass(frozen=True, slots=True)
class Gates:
    """What must hold before the dial goes up."""

    min_jobs: int = 200  # of the candidate, ended: one a user
    most_failed: float = 0.05  # share; above it, the candidate is rolled back
    most_slower: float = 0.20  # above the baseline's median, as a share of it
    overdue_seconds: float = 7200.0
    lately_seconds: float = 900.0  # for so long a service that failed jobs keeps the dial where it is


@dataclass(frozen=True, slots=True)
class Finding:
    """One gate's answer."""

    check: Literal["errors", "overdue", "duration", "dependencies", "evidence"]
    phase: Phase
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All gates' answers."""

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

    @property
    def rollback(self) -> str | None:
        """Why the dial has to go down, if it has to."""
        for finding in self.findings:
            if finding.check == "errors" and finding.phase == "failed":
                return finding.message
        return None


Judge = Callable[[Evidence, Gates], Verdict]


def judge(evidence: Evidence, gates: Gates) -> Verdict:
    """The gates one by one."""
    checks = (judge_errors, judge_overdue, judge_duration, judge_dependencies)
    return Verdict(tuple(check(evidence, gates) for check in checks))


def unreadable(why: str) -> Verdict:
    """The evidence could not be read."""
    return Verdict((Finding("evidence", "error", why),))


def judge_errors(evidence: Evidence, gates: Gates) -> Finding:
    """Failed beyond the gate, with all the evidence asked for, or with less but beyond doubt."""
    sample = evidence.candidate
    message = (
        f"{sample.failed} of {sample.ended} users' jobs failed ({_percent(sample.failed_share)}, at most "
        f"{_percent(gates.most_failed)}; baseline {evidence.baseline.failed} of {evidence.baseline.ended})"
    )
    enough = sample.ended >= gates.min_jobs
    if enough and sample.failed_share > gates.most_failed:
        if sample.failed == 1:
            return Finding("errors", "inconclusive", f"{message}; one user alone rolls nobody back")
        return Finding("errors", "failed", message)
    if sample.ended >= EARLY_JOBS and at_least(sample.failed, sample.ended) > gates.most_failed:
        return Finding("errors", "failed", message)
    if not enough:
        return Finding("errors", "inconclusive", f"{message}; {gates.min_jobs} have to end")
    return Finding("errors", "ok", message)


def judge_overdue(evidence: Evidence, gates: Gates) -> Finding:
    """No job may hang."""
    hours = f"{gates.overdue_seconds / 3600:g} h"
    if evidence.overdue:
        return Finding("overdue", "failed", f"{evidence.overdue} users' jobs in processing for more than {hours}")
    return Finding("overdue", "ok", f"no job in processing for more than {hours}")


def judge_duration(evidence: Evidence, gates: Gates) -> Finding:
    """The medians of runs that completed."""
    mine, base = evidence.candidate, pick_baseline(evidence)
    enough = min(gates.min_jobs, TIMED_JOBS)
    if mine.median_seconds is None or mine.timed < enough:
        return Finding("duration", "inconclusive", f"{mine.timed} timed jobs: too few to compare")
    if base.median_seconds is None or base.timed < enough:
        return Finding("duration", "inconclusive", f"{base.timed} timed jobs of the baseline: too few to compare with")
    limit = base.median_seconds * (1 + gates.most_slower)
    message = (
        f"a job takes {mine.median_seconds:.3g} s, the baseline {base.median_seconds:.3g} s "
        f"(at most {_percent(gates.most_slower)} more)"
    )
    return Finding("duration", "failed" if mine.median_seconds > limit else "ok", message)


def judge_dependencies(evidence: Evidence, gates: Gates) -> Finding:
    """While a service fails many users' jobs, of whatever pipeline, what completes is no fair sample."""
    away = {cause.removeprefix("dependency:"): users for cause, users in evidence.lately.items() if cause and users}
    failed, seen = sum(away.values()), sum(evidence.lately.values())
    if not failed:
        return Finding("dependencies", "ok", "no service failed a job lately")
    names = " and ".join(f"the {name}" for name in sorted(away, key=lambda name: (-away[name], name)))
    message = f"{names} failed {failed} of {seen} users' jobs in the last {gates.lately_seconds / 60:g} min"
    if failed >= AWAY_USERS and failed / seen > gates.most_failed:
        return Finding("dependencies", "inconclusive", f"{message}: nobody's regression; it waits until that is over")
    return Finding("dependencies", "ok", message)


def pick_baseline(evidence: Evidence) -> Sample:
    """Side by side if there is enough of it, else since the ramp began."""
    return evidence.baseline if evidence.baseline.timed >= TIMED_JOBS else evidence.earlier


def at_least(failed: int, ended: int) -> float:
    """The share that is failing for certain: Wilson's lower bound, 0 to 1. `ended` is above 0."""
    share = failed / ended
    middle = share + Z * Z / (2 * ended)
    spread = Z * math.sqrt(share * (1 - share) / ended + Z * Z / (4 * ended * ended))
    return max(0.0, (middle - spread) / (1 + Z * Z / ended))


def _percent(share: float) -> str:
    return f"{share * 100:.3g} %"
