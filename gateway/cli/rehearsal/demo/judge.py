"""Whether the rehearsal held: pure checks over what was measured, each failure a sentence."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.cli.rehearsal.roles import Roles

Z = 4.0  # standard deviations; by chance 1 honest split in 16,000 is outside


@dataclass(frozen=True, slots=True)
class Stage:
    """What one dial setting brought."""

    dial: float  # percent, as set
    users: int
    refused: int  # answers that were not 2xx, or none within 10 s
    stable: int  # users who got it
    candidate: int
    complete: int
    run_seconds: Mapping[str, float] = field(default_factory=dict)  # mean of a job's run, by pipeline
    slowest_seconds: float = 0.0  # from accepted to complete
    slowest_accept_seconds: float = 0.0
    known: Mapping[str, int] = field(default_factory=dict)  # facts that the exports state, by pipeline
    found: Mapping[str, int] = field(default_factory=dict)  # of those, the ones in the results
    misled: Mapping[str, int] = field(default_factory=dict)  # users to whom a decoy was given as a fact


@dataclass(frozen=True, slots=True)
class Rollback:
    """What turning the flag off brought."""

    seen_seconds: float  # from the written change until the server decided by it
    last_start_seconds: float | None  # of a candidate's job, from the written change; None when none started after it
    late_starts: int  # candidate's jobs that started after the change had been seen
    in_flight: int  # users whose jobs were under way when the flag was turned off
    in_flight_complete: int
    rescued: int  # of those, accepted as the candidate's and run as the stable's
    stage: Stage  # users who came afterwards


def split_bounds(dial: float, users: int) -> tuple[float, float]:
    """How few and how many of `users` may get the candidate at `dial` percent."""
    share = dial / 100
    spread = Z * math.sqrt(users * share * (1 - share))
    return max(0.0, users * share - spread), min(float(users), users * share + spread)


def judge_stage(stage: Stage, roles: Roles) -> list[str]:
    name = f"at {stage.dial:g} %"
    wrong = []
    if stage.refused:
        wrong.append(f"{name}: {stage.refused} of {stage.users} requests were not accepted")
    if stage.complete + stage.refused != stage.users:
        wrong.append(f"{name}: {stage.users - stage.refused - stage.complete} jobs did not complete")
    low, high = split_bounds(stage.dial, stage.users - stage.refused)
    if not low <= stage.candidate <= high:
        got = f"{stage.candidate} of {stage.users} users got {roles.candidate}"
        wrong.append(f"{name}: {got}, expected {low:.0f} to {high:.0f}")
    return wrong


def judge(stages: list[Stage], rollback: Rollback, roles: Roles) -> list[str]:
    """Everything that did not hold; empty when all did."""
    wrong = [sentence for stage in (*stages, rollback.stage) for sentence in judge_stage(stage, roles)]
    if rollback.late_starts:
        wrong.append(f"{rollback.late_starts} {roles.candidate} jobs started after the rollback had arrived")
    if rollback.in_flight_complete != rollback.in_flight:
        wrong.append(
            f"{rollback.in_flight - rollback.in_flight_complete} jobs under way at the rollback did not complete"
        )
    return wrong
