"""Whether the rehearsal held: pure checks over what was measured, each failure a sentence."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.cli.rehearsal.drill.judge import Measured
from gateway.cli.rehearsal.drill.judge import judge as judge_fall
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
    slowest_accept_seconds: float = 0.0
    known: Mapping[str, int] = field(default_factory=dict)  # facts that the exports state, by pipeline
    found: Mapping[str, int] = field(default_factory=dict)  # of those, the ones in the results
    misled: Mapping[str, int] = field(default_factory=dict)  # users to whom a decoy was given as a fact


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of the comparisons that were planned."""

    planned: int
    compared: int
    shed: int  # made way for a user's job that waited


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


def judge(stages: list[Stage], compared: Compared, fall: Measured, roles: Roles) -> list[str]:
    """Everything that did not hold; empty when all did."""
    wrong = [sentence for stage in stages for sentence in judge_stage(stage, roles)]
    if not compared.compared or compared.compared + compared.shed != compared.planned:
        made_way = f", and {compared.shed} made way for users"
        wrong.append(f"{compared.compared} of {compared.planned} planned comparisons were compared{made_way}")
    return wrong + judge_fall(fall, roles)
