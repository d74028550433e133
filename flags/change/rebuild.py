"""A flag document made again from a rollout, for whoever knows the rollout alone: flags as the gateway writes them."""

import msgspec

from flags.change.edit import Strategies, with_percent, with_user
from flags.document.defaults import rollout_strategy
from flags.document.document import FlagDocument, Json, read_document
from flags.model import SHADOW_FLAG, Rollout, VersionRollout, Versions, flag_of


def document_of(rollout: Rollout, versions: Versions) -> FlagDocument:
    """Says for each user what the rollout's flags say, but for what the gateway never writes."""
    features = [_feature(flag_of(one.pipeline), _strategies(one), enabled=one.enabled) for one in rollout.versions]
    shadow = _rollout(SHADOW_FLAG, rollout.shadow_group, rollout.shadow_percent)
    features.append(_feature(SHADOW_FLAG, shadow, enabled=True))
    return read_document(msgspec.json.encode({"features": features}), versions)


def _feature(flag: str, strategies: Strategies, *, enabled: bool) -> Json:
    return {"name": flag, "enabled": enabled, "strategies": strategies}


def _strategies(version: VersionRollout) -> Strategies:
    flag = flag_of(version.pipeline)
    strategies = _rollout(flag, version.group, version.dial if version.enabled else version.percent)
    for user in version.forced_in:
        strategies = with_user(strategies, flag, user, "in")
    for user in version.forced_out:
        strategies = with_user(strategies, flag, user, "out")
    return tuple(_in_group(strategy, version.group) for strategy in strategies)


def _rollout(flag: str, group: str, percent: float) -> Strategies:
    return with_percent([_in_group(rollout_strategy(flag), group)], flag, round(percent, 1))


def _in_group(strategy: Json, group: str) -> Json:
    return {**strategy, "parameters": {**strategy["parameters"], "groupId": group}}
