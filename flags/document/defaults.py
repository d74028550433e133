"""The flags as they are before anybody has touched them: all on, all at 0 %."""

from typing import Any

from flags.model import SHADOW_FLAG, TWO_VERSIONS, Versions

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
    version = flag.rpartition("-")[2]
    rest = "v1" if version == "v2" else "an older version"
    return f"Which users /process-full serves with the {version} pipeline; everybody else gets {rest}."


def type_of(flag: str) -> str:
    """The kind of flag, as Unleash names kinds."""
    return "experiment" if flag == SHADOW_FLAG else "release"


def default_document(versions: Versions = TWO_VERSIONS) -> dict[str, Any]:
    """All flags in the client-features format."""
    return {"version": 2, "features": [_feature(flag) for flag in versions.flags]}


def _feature(flag: str) -> dict[str, Any]:
    return {
        "name": flag,
        "description": description_of(flag),
        "type": type_of(flag),
        "enabled": True,
        "strategies": [rollout_strategy(flag)],
    }
