"""Why a user gets a pipeline, in one line and in fields: for an operator who is asked. Pure."""

from dataclasses import dataclass
from typing import Literal

from flags.change import pipeline_of
from flags.hashing import bucket
from flags.model import BASELINE, Decision, Pipeline, Reason, Rollout, Shadow

Named = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with what led to it."""

    user_id: str
    pipeline: Pipeline
    reason: Reason
    why: str  # one line
    dial: float  # percent
    threshold: float | None  # the candidate from this dial on, percent; None without a usable user id
    named: Named | None  # whether the flag calls the user in or out by name
    revision: str
    shadow: Shadow | None


def explain(user_id: str, decision: Decision, rollout: Rollout | None) -> Explanation:
    """Explain a decision by the rollout that was in force when it was made."""
    threshold = _threshold(user_id, rollout)
    return Explanation(
        user_id=user_id,
        pipeline=decision.pipeline,
        reason=decision.reason,
        why=_why(user_id, decision, rollout, threshold),
        dial=decision.dial,
        threshold=threshold,
        named=_named(user_id, rollout),
        revision=decision.revision,
        shadow=decision.shadow,
    )


def _why(user_id: str, decision: Decision, rollout: Rollout | None, threshold: float | None) -> str:
    if decision.reason != "flag" or rollout is None or threshold is None:
        return _NOT_BY_FLAG.get(decision.reason, "the flags are not known")
    if not rollout.enabled:
        return "the flag is off: everybody gets v1"
    if pipeline_of(rollout, user_id) != decision.pipeline:
        return "a strategy or constraint that somebody added to the flag decides"
    if named := _named(user_id, rollout):
        return f"the flag calls the user {named} by name"
    side = "above" if decision.pipeline == BASELINE else "within"
    return f"the user stands at {threshold:g} %, {side} the dial of {decision.dial:g} %"


_NOT_BY_FLAG: dict[Reason, str] = {
    "forced": "the caller pinned the pipeline",
    "v1_only": "the request has no stored export, which only v1 can serve",
    "no_user": "there is no usable user id: v1",
    "flags_unavailable": "no flags were ever known here: v1",
    "override": "an operator's local override is in force",
    "rolled_back": "accepted for the candidate, and became v1 because of a rollback before it started",
}


def _threshold(user_id: str, rollout: Rollout | None) -> float | None:
    """The smallest dial that reaches the user: a bucket is a hundredth of a percent, a dial takes those below it."""
    if rollout is None or not user_id.strip():
        return None
    try:
        return (bucket(rollout.group, user_id) + 1) / 100
    except UnicodeEncodeError:
        return None


def _named(user_id: str, rollout: Rollout | None) -> Named | None:
    if rollout is None:
        return None
    if user_id in rollout.forced_in:
        return "in"
    return "out" if user_id in rollout.forced_out else None
