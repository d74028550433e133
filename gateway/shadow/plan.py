"""What a planned shadow runs, and why some are left out."""

from collections.abc import Container

from gateway.shadow.model import Ending, Plan

ATTEMPTS = 2  # a shadow that took its worker down twice is not tried again
TOO_LATE_SECONDS = 24 * 3600.0


def choose(
    plan: Plan, candidate: str, pipelines: Container[str], shadow_percent: float | None
) -> tuple[str, Ending | None]:
    """The pipeline that a plan runs, and why it is not run at all, or None."""
    pipeline = other_pipeline(plan, candidate)
    return pipeline, left_out(plan, pipeline, pipelines, shadow_percent)


def other_pipeline(plan: Plan, candidate: str) -> str:
    """What a plan runs: the primary's pipeline again, the candidate beside v1, or v1 beside anything newer."""
    if plan.mode == "noise":
        return plan.primary_pipeline
    return candidate if plan.primary_pipeline == "v1" else "v1"


def primary_is_one(plan: Plan, pipeline: str) -> bool:
    """Which side of the comparison the primary run is: the older pipeline is known, the newer one in question."""
    return plan.mode == "noise" or _age_of(plan.primary_pipeline) <= _age_of(pipeline)


def left_out(plan: Plan, pipeline: str, pipelines: Container[str], shadow_percent: float | None) -> Ending | None:
    """Why the plan is not run at all, or None. `shadow_percent` is the share in force now, None if it is not known."""
    reasons = (
        (plan.attempts >= ATTEMPTS, "crashed", "its worker died each time"),
        (shadow_percent is not None and shadow_percent <= 0, "skipped", "comparisons were turned off"),
        (not plan.inline and plan.storage_path is None, "skipped", "no export: the primary run read stored chunks"),
        (plan.replaced, "skipped", "another export came under the same path"),
        (pipeline not in pipelines, "skipped", f"there is no pipeline {pipeline}"),
        (plan.age_seconds > TOO_LATE_SECONDS, "shed", "its turn came too late"),
    )
    return next((Ending(outcome, reason) for true, outcome, reason in reasons if true), None)


def _age_of(pipeline: str) -> tuple[int, str]:
    number = pipeline.removeprefix("v")
    return (int(number) if number.isdigit() else 0), pipeline
