"""The guard's judgement of a version that is being rolled out: who failed, who waited, and whether the split is true.

Each question is asked of users, each counted once. Versions that are alike are rolled back in at most one rollout in a
hundred, however often one looks, however the dial moves and whatever the rate of failures does meanwhile.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from flags.model import Pipeline
from gateway.rollout.guard.verdict import Finding, Verdict
from gateway.statistics.arms import ArmEvidence
from gateway.statistics.sample_ratio import dial_evidence

Mode = Literal["on", "dry-run", "off"]
Question = Literal["sample", "failures", "time", "dependencies"]

ALPHA: Final = 0.01  # false alarms a rollout, all questions together
# Each one's part of alpha.
SPLIT: Final[Mapping[Question, float]] = {"failures": 0.7, "time": 0.15, "sample": 0.1, "dependencies": 0.05}
SURGE_USERS: Final = 3  # whose jobs a service failed: with fewer nothing is said of it
SURGE_SHARE: Final = 0.05  # of the users whose jobs ended lately
LATELY_SECONDS: Final = 900.0
NOBODYS: Final = ": nobody's regression"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one rollout since its dial rose from 0. Users whom the flag calls by name are not in it."""

    pipeline: Pipeline
    failures: ArmEvidence = field(default_factory=ArmEvidence)  # users whose job failed by the pipeline's own fault
    slow: ArmEvidence = field(default_factory=ArmEvidence)  # users whose job took longer than its limit
    awaiting: ArmEvidence = field(default_factory=ArmEvidence)  # users whose job a service failed, or who wait for one
    split: Mapping[float, tuple[int, int]] = field(default_factory=dict)  # share -> users on the candidate, and not
    lately: Mapping[str, int] = field(default_factory=dict)  # users, by the dependency that failed them; "": none did
    foreign: tuple[str, ...] = ()  # what in the flag decides beside the dial

    @property
    def users(self) -> tuple[int, int]:
        """On the candidate, and not on it."""
        return sum(on for on, _ in self.split.values()), sum(off for _, off in self.split.values())


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and why the version has to be turned off, if it has to be."""

    verdict: Verdict
    rollback: str | None


def judge(seen: Seen, alpha: float = ALPHA) -> Judged:
    """The split first: of a sample that is not what the dial says, nothing else can be told."""
    sample, surge = judge_sample(seen, alpha), judge_dependencies(seen.lately)
    dependencies = judge_one_sided(seen, surge, alpha)
    failures = judge_arms(seen, "failures", seen.failures, alpha)
    time = judge_arms(seen, "time", seen.slow, alpha)
    if sample.phase == "breach":
        failures, time = (
            Finding(one.check, "inconclusive", f"not judged: {sample.message}") for one in (failures, time)
        )
        dependencies = surge
    elif surge.phase != "ok":
        failures, time = (_waiting(one, dependencies) for one in (failures, time))
    breaches = [one.message for one in (failures, time) if one.phase == "breach"]
    return Judged(Verdict((sample, failures, time, dependencies)), breaches[0] if breaches else None)


def _waiting(finding: Finding, dependencies: Finding) -> Finding:
    return Finding(finding.check, "inconclusive", f"{finding.message}; it waits: {dependencies.message}")


def level(question: Question, alpha: float = ALPHA) -> float:
    """The evidence at which a question is answered, to 1: its part of alpha, turned over."""
    return 1 / (SPLIT[question] * alpha)


def judge_sample(seen: Seen, alpha: float) -> Finding:
    """Whether users fall to either side as the dial says."""
    on, off = seen.users
    if seen.foreign:
        return Finding(
            "sample", "inconclusive", f"the flag holds {', '.join(seen.foreign)}: it is not the dial alone that decides"
        )
    if not on + off:
        return Finding("sample", "inconclusive", "no user has come since the dial rose")
    expected = sum(share * (one + other) for share, (one, other) in seen.split.items())
    evidence, limit = dial_evidence(seen.split), level("sample", alpha)
    message = (
        f"{on:,} of {on + off:,} users are on {seen.pipeline}, {expected:,.1f} by the dial: {odds(evidence)} that the "
        f"split is not what the dial says, an alarm at {limit:,.0f} to 1"
    )
    return Finding("sample", "breach" if evidence >= math.log(limit) else "ok", message)


def judge_arms(seen: Seen, question: Literal["failures", "time"], evidence: ArmEvidence, alpha: float) -> Finding:
    """Whether users who failed, or waited too long, are on the candidate more often than the dial says."""
    what, more = {
        "failures": ("whose jobs failed by the pipeline's own fault", "fails more"),
        "time": ("whose jobs took longer than usual", "is slower"),
    }[question]
    limit = level(question, alpha)
    message = (
        f"of {evidence.users:,} users {what}, {evidence.on_candidate:,} were on {seen.pipeline}, "
        f"{evidence.expected:,.1f} by the dial: {odds(evidence.peak)} that it {more}, rolls back at {limit:,.0f} to 1"
    )
    if evidence.peak >= math.log(limit):
        return Finding(question, "breach", message)
    if not seen.users[0]:
        return Finding(question, "inconclusive", f"no user is on {seen.pipeline} yet; {message}")
    return Finding(question, "ok", message)


def judge_dependencies(lately: Mapping[str, int]) -> Finding:
    """While a service fails many users' jobs, of whatever version, nothing is held against one."""
    away = {cause.removeprefix("dependency:"): users for cause, users in lately.items() if cause and users}
    failed, seen = sum(away.values()), sum(lately.values())
    if not failed:
        return Finding("dependencies", "ok", "no service failed a job lately")
    names = " and ".join(f"the {name}" for name in sorted(away, key=lambda name: (-away[name], name)))
    message = f"{names} failed {failed} of {seen} users' jobs in the last {LATELY_SECONDS / 60:g} min"
    if failed >= SURGE_USERS and failed / seen > SURGE_SHARE:
        return Finding("dependencies", "inconclusive", f"{message}{NOBODYS}")
    return Finding("dependencies", "ok", message)


def judge_one_sided(seen: Seen, surge: Finding, alpha: float) -> Finding:
    """Whether those whom a service fails are the candidate's users: then it may be the candidate that calls it wrongly.
    Somebody is told, and nothing is turned off: a service that only the candidate needs looks the same when it is away.
    """
    evidence, limit = seen.awaiting, level("dependencies", alpha)
    if not any(users for cause, users in seen.lately.items() if cause) or evidence.peak < math.log(limit):
        return surge
    message = (
        f"of {evidence.users:,} users whom a service failed, {evidence.on_candidate:,} were on {seen.pipeline}, "
        f"{evidence.expected:,.1f} by the dial: {odds(evidence.peak)} that it is {seen.pipeline} that fails by it, an "
        f"alarm at {limit:,.0f} to 1; nothing is turned off for that"
    )
    return Finding("dependencies", "breach", f"{surge.message.removesuffix(NOBODYS)}; {message}")


def odds(log_evidence: float) -> str:
    """`341 to 1`; evidence beyond a million is not counted further."""
    if log_evidence > math.log(1e6):
        return "more than a million to 1"
    value = math.exp(log_evidence)
    return f"{value:,.3g} to 1" if value < 1000 else f"{value:,.0f} to 1"
