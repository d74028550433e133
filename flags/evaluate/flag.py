"""One flag ready to answer: compiled where the gateway could have written it, by the SDK otherwise; and measured."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flags.document.document import FlagPart, name_content
from flags.document.rollout import group_of, read_version
from flags.evaluate.compiled import IsOn, compile_feature, foreign_parts
from flags.model import SHADOW_FLAG, Rollout, VersionRollout, Versions, flag_of

SAMPLE = tuple(f"sample-{n}" for n in range(2_000))  # the same ids for every flag, so that shares can be compared
ASKED_OF_SDK = 500  # of them, where each takes a hundred times as long
SURE = 4.5  # standard deviations that a fair share of the sample lies from its percentage once in 150,000 flags


@dataclass(frozen=True, slots=True)
class Sdk:
    """Whom the SDK takes the process for."""

    app_name: str = "soulprint-gateway"
    environment: str = "development"


@dataclass(frozen=True, slots=True)
class Flag:
    """One state of one flag."""

    part: FlagPart
    is_on: IsOn
    reading: VersionRollout  # `pipeline` is the part of its name after `process-full-`

    @property
    def compiled(self) -> bool:
        """Whether the gateway itself answers."""
        return not self.reading.foreign


def build_flag(part: FlagPart, sdk: Sdk) -> Flag:
    """Raises BadDocument where only the SDK could answer, and its engine cannot read the flag either."""
    feature = part.feature
    foreign = foreign_parts(feature)
    is_on = _ask_sdk(part, sdk) if foreign else compile_feature(feature)
    reading = replace(read_version(feature.name.removeprefix("process-full-"), feature), foreign=foreign)
    sample = SAMPLE[:ASKED_OF_SDK] if foreign else SAMPLE
    measured = sum(map(is_on, sample)) * 100 / len(sample)
    odd = reading.enabled and foreign and not bears_out(reading.percent, measured, len(sample))
    return Flag(part, is_on, replace(reading, measured=measured, served=round(measured, 1) if odd else None))


def _ask_sdk(part: FlagPart, sdk: Sdk) -> IsOn:
    # Its import takes as long as a whole command: only where it is needed.
    from flags.evaluate.sdk import SdkEngine  # noqa: PLC0415

    return SdkEngine(part, group_of(part.feature), sdk.app_name, sdk.environment).is_on


def bears_out(percent: float, measured: float, size: int) -> bool:
    """Whether a share of a sample of that size may well be that percentage."""
    share = percent / 100
    return abs(measured - percent) <= 100 * SURE * math.sqrt(share * (1 - share) / size) + 1e-9


def rollout_of(flags: Mapping[str, Flag], versions: Versions, broken: Mapping[str, str]) -> Rollout:
    """What these flags amount to; a missing flag is off at 0 %."""
    shadow = flags.get(SHADOW_FLAG)
    found = [flags.get(flag_of(version)) for version in reversed(versions.flagged)]
    missing = (VersionRollout(version, group=flag_of(version)) for version in reversed(versions.flagged))
    return Rollout(
        versions=tuple(other if flag is None else flag.reading for flag, other in zip(found, missing, strict=True)),
        shadow_percent=shadow.reading.dial if shadow else 0.0,
        version=name_content(flags[name].part.feature for name in versions.flags if name in flags),
        candidate=versions.candidate,
        base=versions.base,
        shadow_group=shadow.reading.group if shadow else SHADOW_FLAG,
        shadow_content=shadow.reading.content if shadow else "",
        shadow_foreign=shadow.reading.foreign if shadow else (),
        broken=tuple(broken.items()),
    )
