"""The flags as they are before anybody has touched them: both on, both at 0 %."""

from typing import Any

from flags.model import SHADOW_FLAG, V2_NAMES, FlagNames

SHADOW_TEXT = "Whose imports are also run through the other pipeline, to compare; changes nothing for the user."
ROLLOUT_TITLE = "rollout"
FORCED_TITLE = "forced in"


def rollout_strategy(flag: str, percent: int = 0) -> dict[str, Any]:
    """The strategy that reaches a share of users by chance; a group for each flag keeps the splits independent."""
    return {
        "name": "flexibleRollout",
        "title": ROLLOUT_TITLE,
        "parameters": {"rollout": str(percent), "stickiness": "userId", "groupId": flag},
        "constraints": [],
        "variants": [],
    }


def description_of(flag: str) -> str:
    """What a flag does, for people."""
    if flag == SHADOW_FLAG:
        return SHADOW_TEXT
    candidate = flag.rpartition("-")[2]
    return f"Which users /process-full serves with the {candidate} pipeline; everybody else gets v1."


def type_of(flag: str) -> str:
    """The kind of flag, as Unleash names kinds."""
    return "experiment" if flag == SHADOW_FLAG else "release"


def default_document(names: FlagNames = V2_NAMES) -> dict[str, Any]:
    """Both flags in the client-features format."""
    return {"version": 2, "features": [_feature(flag) for flag in names.both]}


def _feature(flag: str) -> dict[str, Any]:
    return {
        "name": flag,
        "description": description_of(flag),
        "type": type_of(flag),
        "enabled": True,
        "strategies": [rollout_strategy(flag)],
    }
