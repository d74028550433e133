"""Why a user gets a pipeline, in one line and in fields: for an operator who is asked."""

from dataclasses import dataclass
from typing import Literal

from flags.change.preview import pipeline_of
from flags.evaluate.hashing import bucket
from flags.model import BASELINE, Decision, Override, Pipeline, Reason, Rollout, Shadow

Named = Literal["in", "out"]
Strategy = Literal[
    "rollout",  # the user's place on the dial
    "named",  # the flag calls the user in or out
    "off",  # the flag is off
    "other",  # a strategy or constraint that somebody added
    "none",  # not the flag: see the reason
]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with what led to it."""

    user_id: str
    pipeline: Pipeline
    reason: Reason
    strategy: Strategy
    why: str  # one line
    dial: float  # percent, in force
    bucket: int | None  # 0 to 9,999, a hundredth of a percent each; None without a usable user id or flags
    threshold: float | None  # the candidate from this dial on, percent
    named: Named | None  # whether the flag calls the user in or out by name
    revision: str
    shadow: Shadow | None
    shadow_why: str


def explain(user_id: str, decision: Decision, rollout: Rollout | None) -> Explanation:
    """Explain a decision by the rollout that was in force when it was made."""
    place = _place(rollout.group, user_id) if rollout else None
    strategy = _strategy(user_id, decision, rollout)
    return Explanation(
        user_id=user_id,
        pipeline=decision.pipeline,
        reason=decision.reason,
        strategy=strategy,
        why=_why(user_id, decision, rollout, strategy),
        dial=decision.dial,
        bucket=place,
        threshold=None if place is None else _threshold(place),
        named=_named(user_id, rollout),
        revision=decision.revision,
        shadow=decision.shadow,
        shadow_why=_shadow_why(user_id, decision.shadow, rollout),
    )


def describe(told: Explanation) -> str:
    """All of it in one line."""
    shadow = "no shadow" if told.shadow is None else f"shadow: {told.shadow}"
    return (
        f"{told.user_id}: {told.pipeline} ({told.reason}): {told.why}; dial {told.dial:g} %, "
        f"bucket {'none' if told.bucket is None else told.bucket}, strategy {told.strategy}, "
        f"flags {told.revision or 'none'}; {shadow} ({told.shadow_why})"
    )


def describe_override(override: Override) -> str:
    """An override in one line, for whoever looks at anything that it decides."""
    why = f": {override.why}" if override.why else ""
    since = f"{override.since:%Y-%m-%d %H:%M:%S %Z}"
    return f"OVERRIDE in force: everybody gets {BASELINE}, by {override.actor} since {since}{why}"


def _strategy(user_id: str, decision: Decision, rollout: Rollout | None) -> Strategy:
    if decision.reason != "flag" or rollout is None:
        return "none"
    if not rollout.enabled:
        return "off"
    if pipeline_of(rollout, user_id) != decision.pipeline:
        return "other"
    return "named" if _named(user_id, rollout) else "rollout"


def _why(user_id: str, decision: Decision, rollout: Rollout | None, strategy: Strategy) -> str:
    match strategy:
        case "off":
            return f"the flag is off: everybody gets {BASELINE}"
        case "other":
            return "a strategy or constraint that somebody added to the flag decides"
        case "named":
            return f"the flag calls the user {_named(user_id, rollout)} by name"
        case "rollout" if rollout is not None and (place := _place(rollout.group, user_id)) is not None:
            side = "above" if decision.pipeline == BASELINE else "within"
            return f"the user stands at {_threshold(place):g} %, {side} the dial of {decision.dial:g} %"
        case _:
            return reason_text(decision.reason)


def reason_text(reason: str) -> str:
    """A reason that is not the flag, in words."""
    return _NOT_BY_FLAG.get(reason, "the flags are not known")


_NOT_BY_FLAG: dict[str, str] = {
    "flag": "the flag decided",
    "forced": "the caller pinned the pipeline",
    "v1_only": "the request has no stored export, which only v1 can serve",
    "no_user": "there is no usable user id: v1",
    "flags_unavailable": "no flags were ever known here: v1",
    "override": "an operator's local override is in force",
    "candidate_broken": f"the candidate cannot be imported: everybody gets {BASELINE}",
    "rolled_back": "accepted for the candidate, and became v1 because of a rollback before it started",
}


def _shadow_why(user_id: str, shadow: Shadow | None, rollout: Rollout | None) -> str:
    if rollout is None:
        return "the flags are not known"
    place = _place(rollout.shadow_group, user_id)
    if place is None:
        return "no usable user id"
    stands = f"the user stands at {_threshold(place):g} % of the sample of {rollout.shadow_percent:g} %"
    within = _threshold(place) <= rollout.shadow_percent
    if within != (shadow is not None):
        return "a strategy or constraint that somebody added to the shadow flag decides"
    match shadow:
        case "other":
            return f"{stands}, and is compared with the other pipeline"
        case "same":
            return f"{stands}, and is compared with the same pipeline again, to measure noise"
        case _:
            return stands


def _place(group: str, user_id: str) -> int | None:
    if not user_id.strip():
        return None
    try:
        return bucket(group, user_id)
    except UnicodeEncodeError:
        return None


def _threshold(place: int) -> float:
    """The smallest dial that reaches the user: a dial takes the buckets below it."""
    return (place + 1) / 100


def _named(user_id: str, rollout: Rollout | None) -> Named | None:
    if rollout is None:
        return None
    if user_id in rollout.forced_in:
        return "in"
    return "out" if user_id in rollout.forced_out else None
