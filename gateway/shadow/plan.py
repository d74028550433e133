"""What a planned shadow runs, and why some are left out."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.shadow.model import Ending, OtherRun, Plan
from pipelines.capabilities import Source, source_of
from pipelines.versions import age_of

ATTEMPTS = 2  # a shadow that took its worker down twice is not tried again
TOO_LATE_SECONDS = 24 * 3600.0

Refusal = Callable[[str, Source], str | None]  # why this version cannot be given such a request


@dataclass(frozen=True, slots=True)
class Offers:
    """What the plan's user could get now, and what comparisons were asked for."""

    candidate: str  # the version whose dial is being moved
    on: tuple[str, ...]  # what the user could get whatever newer versions' flags say: the base, and what is on for them
    against: str | None = None  # compare with this version, whatever would be replaced


def choose(plan: Plan, offers: Offers, refusal: Refusal, shadow_percent: float | None) -> OtherRun | Ending:
    """What a plan runs, or why it is not run at all. `shadow_percent` is the share in force now, None if unknown."""
    version = other_pipeline(plan, offers)
    if version is None:
        refused: str | None = f"there is no version to compare {plan.primary_pipeline} with"
    else:
        refused = refusal(version, source_of(plan.storage_path, inline=plan.inline))
    reasons = (
        (plan.attempts >= ATTEMPTS, "crashed", "its worker died each time"),
        (shadow_percent is not None and shadow_percent <= 0, "skipped", "comparisons were turned off"),
        (not plan.inline and plan.storage_path is None, "skipped", "no export: the primary run read stored chunks"),
        (plan.replaced, "skipped", "another export came under the same path"),
        (refused is not None, "skipped", refused),
        (plan.age_seconds > TOO_LATE_SECONDS, "shed", "its turn came too late"),
    )
    left_out = next((Ending(outcome, reason) for true, outcome, reason in reasons if true), None)
    if left_out is not None or version is None:
        return left_out or Ending("skipped")
    return OtherRun(version, plan.mode == "noise" or age_of(plan.primary_pipeline) <= age_of(version))


def other_pipeline(plan: Plan, offers: Offers) -> str | None:
    """What a plan runs; None if there is nothing to compare with.

    Noise is the primary's version again. Otherwise it is the other side of a replacement: for an older primary the
    candidate, which would replace it; for the candidate, and what is newer, the version that it replaced for this user:
    the newest older one that is on for them. A version that is asked for by name is compared with instead.
    """
    primary = plan.primary_pipeline
    if plan.mode == "noise":
        return primary
    if offers.against is not None and offers.against != primary:
        return offers.against
    if age_of(primary) < age_of(offers.candidate):
        return offers.candidate
    replaced = [version for version in offers.on if age_of(version) < age_of(primary)]
    return max(replaced, key=age_of, default=None)
