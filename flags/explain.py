"""Why a user gets a pipeline, in one line and in fields: for an operator who is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from flags.change.edit import Named
from flags.change.preview import reaches
from flags.evaluate.hashing import bucket
from flags.model import BASELINE, Asked, Decision, Override, Pipeline, Reason, Rollout, Shadow, VersionRollout

Strategy = Literal[
    "rollout",  # the user's place on the dial
    "named",  # the flag calls the user in or out
    "off",  # the flag is off
    "other",  # a strategy or constraint that somebody added
    "none",  # not the flag: see the reason
]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with what led to it. What speaks of one flag speaks of the one that decided."""

    user_id: str
    pipeline: Pipeline
    reason: Reason
    strategy: Strategy
    why: str  # one line
    dial: float  # percent, in force
    bucket: int | None  # 0 to 9,999, a hundredth of a percent each; None without a usable user id or flags
    threshold: float | None  # the version from this dial on, percent
    named: Named | None  # whether the flag calls the user in or out by name
    revision: str
    shadow: Shadow | None
    shadow_why: str
    chain: str = ""  # each flag that was asked, newest version first


def explain(user_id: str, decision: Decision, rollout: Rollout | None) -> Explanation:
    """Explain a decision by the rollout that was in force when it was made."""
    told = _telling(decision, rollout)
    place = place_of(told.group, user_id) if told else None
    strategy = _strategy(user_id, decision, told)
    return Explanation(
        user_id=user_id,
        pipeline=decision.pipeline,
        reason=decision.reason,
        strategy=strategy,
        why=_why(user_id, decision, rollout, told, strategy),
        dial=decision.dial,
        bucket=place,
        threshold=None if place is None else _threshold(place),
        named=_named(user_id, told),
        revision=decision.revision,
        shadow=decision.shadow,
        shadow_why=_shadow_why(user_id, decision.shadow, rollout),
        chain=chain_text((asked, place_of(asked.group, user_id)) for asked in decision.chain),
    )


def describe(told: Explanation) -> str:
    """All of it in one line."""
    shadow = "no shadow" if told.shadow is None else f"shadow: {told.shadow}"
    several = f" [{told.chain}]" if ";" in told.chain else ""
    return (
        f"{told.user_id}: {told.pipeline} ({told.reason}): {told.why}{several}; dial {told.dial:g} %, "
        f"bucket {'none' if told.bucket is None else told.bucket}, strategy {told.strategy}, "
        f"flags {told.revision or 'none'}; {shadow} ({told.shadow_why})"
    )


def describe_override(override: Override, base: Pipeline = BASELINE) -> str:
    """An override in one line, for whoever looks at anything that it decides."""
    why = f": {override.why}" if override.why else ""
    since = f"{override.since:%Y-%m-%d %H:%M:%S %Z}"
    return f"OVERRIDE in force: everybody gets {base}, by {override.actor} since {since}{why}"


def chain_text(chain: Iterable[tuple[Asked, int | None]]) -> str:
    """`v3: bucket 4,312 of 10,000, dial 10 %: no; v2: bucket 871 of 10,000, dial 100 %: yes`."""
    return "; ".join(
        f"{asked.pipeline}: {'' if place is None else f'bucket {place:,} of 10,000, '}"
        f"dial {asked.dial:g} %: {'yes' if asked.on else 'no'}"
        for asked, place in chain
    )


def place_of(group: str, user_id: str) -> int | None:
    """Where a user stands in a group; None without a usable id."""
    if not user_id.strip():
        return None
    try:
        return bucket(group, user_id)
    except UnicodeEncodeError:
        return None


def _telling(decision: Decision, rollout: Rollout | None) -> VersionRollout | None:
    """The flag that decided: that of the version which was given, the candidate's for the base."""
    if rollout is None:
        return None
    given = rollout.of(decision.pipeline)
    return given if given in rollout.ladder else rollout.addressed


def _strategy(user_id: str, decision: Decision, told: VersionRollout | None) -> Strategy:
    if decision.reason != "flag" or told is None:
        return "none"
    if not told.enabled:
        return "off"
    if reaches(told, user_id) != (decision.pipeline == told.pipeline):
        return "other"
    return "named" if _named(user_id, told) else "rollout"


def _why(
    user_id: str, decision: Decision, rollout: Rollout | None, told: VersionRollout | None, strategy: Strategy
) -> str:
    match strategy:
        case "off" if rollout is not None:
            one = len(rollout.ladder) == 1
            return f"the flag is off: everybody gets {rollout.base}" if one else "no flag is on for the user"
        case "other":
            return "a strategy or constraint that somebody added to the flag decides"
        case "named":
            return f"the flag calls the user {_named(user_id, told)} by name"
        case "rollout" if told is not None and (place := place_of(told.group, user_id)) is not None:
            side = "within" if decision.pipeline == told.pipeline else "above"
            return f"the user stands at {_threshold(place):g} %, {side} the dial of {decision.dial:g} %"
        case _:
            return reason_text(decision.reason, decision.pipeline)


def reason_text(reason: str, pipeline: Pipeline) -> str:
    """A reason that is not the flag, in words, and what it led to."""
    return _NOT_BY_FLAG.get(reason, "the flags are not known").format(pipeline)


_NOT_BY_FLAG: dict[str, str] = {
    "flag": "the flag decided",
    "forced": "the caller pinned the pipeline",
    "v1_only": "the request has no stored export, which only v1 can serve",
    "capability": "the request has no stored export, which the user's version does not take: {}",
    "no_user": "there is no usable user id: {}",
    "flags_unavailable": "no flags were ever known here: {}",
    "override": "an operator's local override is in force",
    "candidate_broken": "the candidate cannot be imported: {}",
    "rolled_back": "accepted for the candidate, and became {} because of a rollback before it started",
    "retired": "accepted for a version that is no longer there: {}",
}


def _shadow_why(user_id: str, shadow: Shadow | None, rollout: Rollout | None) -> str:
    if rollout is None:
        return "the flags are not known"
    place = place_of(rollout.shadow_group, user_id)
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
            return f"{stands}, and for it one version runs twice, to measure noise"
        case _:
            return stands


def _threshold(place: int) -> float:
    """The smallest dial that reaches the user: a dial takes the buckets below it."""
    return (place + 1) / 100


def _named(user_id: str, told: VersionRollout | None) -> Named | None:
    if told is None:
        return None
    if user_id in told.forced_in:
        return "in"
    return "out" if user_id in told.forced_out else None
