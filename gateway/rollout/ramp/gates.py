"""Whether the evidence allows the next step: rules over counts of users, each with its numbers in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.rollout.guard.judge import judge_dependencies
from gateway.rollout.guard.verdict import Finding, Phase, Verdict
from gateway.statistics.confidence import Rate, bounded_difference

TIMED_JOBS = 30  # that make a median worth comparing
FRESH_SECONDS = 30.0  # a guard that has not looked for longer says nothing


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
    margin: float = 0.05  # by so much the share of failed users may be higher, at most; 0 to 1
    most_slower: float = 0.20  # above the baseline's median, as a share of it
    overdue_seconds: float = 7200.0


@dataclass(frozen=True, slots=True)
class GuardView:
    """What the guard wrote down last of this version."""

    verdict: tuple[Finding, ...]
    rolled_back: str | None  # why it turned the version off, if it did
    acted_at: datetime | None
    seconds_ago: float | None  # since it looked last; None: it never did


def judge(evidence: Evidence, gates: Gates) -> Verdict:
    """The gates one by one."""
    findings = (judge_harm, judge_overdue, judge_duration)
    lately = judge_dependencies(evidence.lately)
    return Verdict((*(check(evidence, gates) for check in findings), lately))


def judge_harm(evidence: Evidence, gates: Gates) -> Finding:
    """Enough users, and an interval of the difference that leaves no room for harm beyond the margin."""
    mine, base = evidence.candidate, evidence.baseline
    when = "side by side"
    if not base.ended and evidence.earlier.ended:
        base, when = evidence.earlier, "before"  # at 100 % there is nobody beside it
    interval = bounded_difference(Rate(mine.failed, mine.ended), Rate(base.failed, base.ended))
    message = (
        f"{mine.failed} of {mine.ended} users' jobs failed, {base.failed} of {base.ended} {when}: a difference of "
        f"{interval.low * 100:+.1f} to {interval.high * 100:+.1f} points, at most {gates.margin * 100:+g} is allowed"
    )
    if interval.low > gates.margin:
        return Finding("harm", "breach", message)
    if mine.ended < gates.min_jobs:
        return Finding("harm", "inconclusive", f"{message}; jobs of {gates.min_jobs} users have to end")
    return Finding("harm", "ok" if interval.high <= gates.margin else "inconclusive", message)


def judge_guard(view: GuardView | None, *, guarded: bool) -> Finding:
    """What the guard says counts while it looks."""
    if not guarded:
        return Finding("guard", "ok", "the guard is off (GUARD=off): nobody looks but the ramp")
    if view is None or view.seconds_ago is None or view.seconds_ago > FRESH_SECONDS:
        seconds = "" if view is None or view.seconds_ago is None else f" for {view.seconds_ago:.0f} s"
        return Finding("guard", "error", f"the guard has not looked{seconds}")
    verdict = Verdict(view.verdict)
    phase: Phase = verdict.phase
    return Finding("guard", phase, "the guard finds nothing" if phase == "ok" else f"the guard: {verdict.message}")


def judge_overdue(evidence: Evidence, gates: Gates) -> Finding:
    """No job may hang."""
    hours = f"{gates.overdue_seconds / 3600:g} h"
    if evidence.overdue:
        return Finding("overdue", "breach", f"{evidence.overdue} users' jobs in processing for more than {hours}")
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
    return Finding("duration", "breach" if mine.median_seconds > limit else "ok", message)


def pick_baseline(evidence: Evidence) -> Sample:
    """Side by side if there is enough of it, else since the ramp began."""
    return evidence.baseline if evidence.baseline.timed >= TIMED_JOBS else evidence.earlier


def _percent(share: float) -> str:
    return f"{share * 100:.3g} %"
