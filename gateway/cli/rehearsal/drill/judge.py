"""What the drill measured, and whether it held: pure, each failure a sentence."""

from dataclasses import dataclass

from gateway.cli.rehearsal.roles import Roles

GONE_SECONDS = 10.0  # after the grace, no job of a rolled-back version may run for longer
FLIP_SECONDS = 2.0  # a flip that takes longer to arrive everywhere has failed


@dataclass(frozen=True, slots=True)
class Measured:
    """What happened. Times are seconds."""

    verdict: str  # the guard's reason, with its numbers
    detection_seconds: float | None  # from the first failed job to the flip; None: the guard did nothing
    flip_seconds: tuple[float, ...]  # from the flip to when each process decided by it
    last_start_seconds: float | None  # of a candidate's job, after the flip; None: none started after it
    late_starts: int  # of those, after the flip had arrived everywhere
    ramp_state: str
    accepted: int  # requests answered with 200
    posted: int
    complete: int
    failed: int  # by the fault
    failed_otherwise: int
    unfinished: int
    rescued: int  # accepted as the candidate's, turned to the stable's
    rescued_complete: int
    to_restore: int  # users with a result of the stable version, then of the candidate
    restored: int
    equal: int  # of them, to the byte what the stable version had published
    hung: bool = False  # the fault ends no job: nobody but an operator notices, by the alert
    gone_seconds: float | None = None  # then: from the flip, without the grace, until no job of the candidate ran


def judge(measured: Measured, roles: Roles) -> list[str]:
    """Everything that did not hold; empty when all did."""
    candidate = roles.candidate
    checks = [
        *(judge_hung(measured, roles) if measured.hung else judge_failing(measured)),
        (
            all(seconds <= FLIP_SECONDS for seconds in measured.flip_seconds),
            f"the flip took more than {FLIP_SECONDS:g} s to arrive",
        ),
        (measured.late_starts == 0, f"{measured.late_starts} {candidate} jobs started after the flip had arrived"),
        (measured.accepted == measured.posted, f"{measured.posted - measured.accepted} requests were not accepted"),
        (measured.unfinished == 0, f"{measured.unfinished} jobs did not end"),
        (measured.failed_otherwise == 0, f"{measured.failed_otherwise} jobs failed for another reason than the fault"),
        (measured.rescued > 0, f"no waiting {candidate} job became a {roles.stable} job"),
        (
            measured.rescued_complete == measured.rescued,
            f"{measured.rescued - measured.rescued_complete} rescued jobs did not complete",
        ),
        (
            measured.to_restore == measured.restored == measured.equal > 0,
            f"{measured.restored} of {measured.to_restore} users were restored, {measured.equal} to the byte",
        ),
    ]
    return [sentence for held, sentence in checks if not held]


def judge_failing(measured: Measured) -> list[tuple[bool, str]]:
    """What has to hold of a fault that fails jobs: the guard sees it."""
    return [
        (measured.detection_seconds is not None, "the guard did not roll back"),
        (measured.ramp_state == "rolled_back", f"the ramp is {measured.ramp_state}, not rolled back"),
        (measured.failed > 0, "no job failed: the fault was not there"),
    ]


def judge_hung(measured: Measured, roles: Roles) -> list[tuple[bool, str]]:
    """What has to hold of a fault after which jobs do not end by themselves."""
    gone = measured.gone_seconds
    return [
        (measured.failed == 0, f"{measured.failed} jobs failed"),
        (
            gone is not None and gone <= GONE_SECONDS,
            f"{roles.candidate} jobs ran for longer than {GONE_SECONDS:g} s after the grace",
        ),
    ]
