"""Shares of all users turned into the flags' percentages: an older flag only reaches whom the newer ones leave."""

from collections.abc import Mapping

from flags.change.errors import InvalidChange
from flags.model import Pipeline, Rollout

SLACK = 1e-9
ROUNDED = 0.05  # percent: shares like 33.3 are asked to a tenth


def flag_percents(rollout: Rollout, shares: Mapping[Pipeline, float]) -> dict[Pipeline, float]:
    """What each named version's flag has to be set to, newest first; flags that are not named stay as they are.

    The base has no flag: its share may be named, and then has to be what the others leave it. Percents are to a tenth,
    so that the shares that come out are near what was asked. Raises InvalidChange.
    """
    known = [version.pipeline for version in rollout.ladder]
    if unknown := [version for version in shares if version not in {*known, rollout.base}]:
        raise InvalidChange(
            "pipeline", f"{unknown[0]!r} is no version with a flag that is asked; there are: {', '.join(known)}"
        )
    left, rest, percents = 100.0, 100.0, dict[Pipeline, float]()
    for version in rollout.ladder:
        percent = version.dial
        if version.pipeline in shares:
            share = shares[version.pipeline]
            if share > left + SLACK:
                raise InvalidChange(
                    "percent", f"{version.pipeline}={share:g} is more than the {left:g} % that newer versions leave"
                )
            if share and not version.enabled:
                raise InvalidChange(
                    "pipeline", f"the flag of {version.pipeline} is off: `gateway rollout on --pipeline` turns it on"
                )
            percent = percents[version.pipeline] = round(share / left * 100, 1) if share else 0.0
        rest -= shares.get(version.pipeline, left * percent / 100)
        left -= left * percent / 100
    of_base = shares.get(rollout.base, rest)
    if abs(of_base - rest) > ROUNDED:
        raise InvalidChange("percent", f"{rollout.base}={of_base:g} is not the {rest:g} % that the others leave it")
    return percents
