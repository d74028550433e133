"""What a planned shadow runs, and why some are left out."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from gateway.shadow.model import Ending, OtherRun, Plan
from pipelines.capabilities import Source, source_of
from pipelines.versions import age_of

ATTEMPTS = 2  # a shadow that took its worker down twice is not tried again
TOO_LATE_SECONDS = 24 * 3600.0
LONGEST_ASIDE_SECONDS = 3 * TOO_LATE_SECONDS  # for one that was begun: each of its batches may take a day

Refusal = Callable[[str, Source], str | None]  # why this version cannot be given such a request


@dataclass(frozen=True, slots=True)
class Offers:
    """What the plan's user could get now, and what comparisons were asked for."""

    candidate: str  # the version whose dial is being moved
    on: tuple[str, ...]  # what the user could get whatever newer versions' flags say: the base, and what is on for them
    against: str | None = None  # compare with this version, whatever would be replaced
    served: float = 1.0  # share of users whom the candidate serves, 0 to 1


def choose(plan: Plan, offers: Offers, refusal: Refusal, shadow_percent: float | None) -> OtherRun | Ending:
    """What a plan runs, or why it is not run at all. `shadow_percent` is the share in force now, None if unknown."""
    version, source = other_pipeline(plan, offers), source_of(plan.storage_path, inline=plan.inline)
    refused = (
        f"there is no version to compare {plan.primary_pipeline} with" if version is None else refusal(version, source)
    )
    if plan.mode == "noise" and refused is not None:
        version = plan.primary_pipeline
        refused = refusal(version, source)
    reasons = (
        (plan.attempts >= ATTEMPTS, "crashed", "its worker died each time"),
        (shadow_percent is not None and shadow_percent <= 0, "skipped", "comparisons were turned off"),
        (not plan.inline and plan.storage_path is None, "skipped", "no export: the primary run read stored chunks"),
        (plan.replaced, "skipped", "another export came under the same path"),
        (refused is not None, "skipped", refused),
        (plan.age_seconds > TOO_LATE_SECONDS and not plan.batches, "shed", "its turn came too late"),
        (plan.age_seconds > LONGEST_ASIDE_SECONDS, "shed", "its batches took too long"),
    )
    left_out = next((Ending(outcome, reason) for true, outcome, reason in reasons if true), None)
    if left_out is not None or version is None:
        return left_out or Ending("skipped")
    noise = plan.mode == "noise"
    older = age_of(plan.primary_pipeline) <= age_of(version)
    return OtherRun(version, noise or older, twice=noise and version != plan.primary_pipeline)


def other_pipeline(plan: Plan, offers: Offers) -> str | None:
    """What a plan runs; None if there is nothing to compare with.

    Noise is the primary's version again, or the candidate twice, where it serves few. Otherwise it is the other side of
    a replacement: for an older primary the candidate, which would replace it; for the candidate, and what is newer, the
    version that it replaced for this user: the newest older one that is on for them. A version that is asked for by
    name is compared with instead.
    """
    primary = plan.primary_pipeline
    if plan.mode == "noise":
        older = age_of(primary) < age_of(offers.candidate)
        return offers.candidate if older and place(plan.user_id) < share_run_twice(offers.served) else primary
    if offers.against is not None and offers.against != primary:
        return offers.against
    if age_of(primary) < age_of(offers.candidate):
        return offers.candidate
    replaced = [version for version in offers.on if age_of(version) < age_of(primary)]
    return max(replaced, key=age_of, default=None)


def share_run_twice(served: float) -> float:
    """Of the noise pairs of users whom the candidate does not serve, the share in which it runs twice: so many that
    half of all noise is the candidate's, also while it serves few, or nobody."""
    return max(0.0, (0.5 - served) / (1 - served)) if served < 1 else 0.0


def place(user_id: str) -> float:
    """Where a user stands from 0 to 1, always the same, whatever decides their version."""
    return int.from_bytes(hashlib.sha256(user_id.encode("utf-8", "surrogatepass")).digest()[:4]) / 2**32
