"""How a rollout stands in the history: a row is about one version, what is known last is about all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flags.model import SHADOW_FLAG, Pipeline, Rollout, VersionRollout, Versions, flag_of

Json = dict[str, Any]
What = Literal["rollout", "override", "ramp", "data", "base", "guard", "note"]
Via = Literal["cli", "http", "console", "ramp", "guard", "unleash", "file"]


@dataclass(frozen=True, slots=True)
class WantedEntries:
    """Which rows; None: all."""

    what: What | None = None
    actor: str | None = None
    via: Via | None = None
    since: datetime | None = None
    until: datetime | None = None  # before then


EVERY_ENTRY = WantedEntries()


def rollout_json(rollout: Rollout, pipeline: Pipeline | None = None) -> Json:
    """One version's flag, and the shadow's, as a row of the history keeps them; the candidate's if none is named."""
    version = rollout.of(pipeline or rollout.candidate)
    return {
        "percent": version.percent,
        "enabled": version.enabled,
        "shadow_percent": rollout.shadow_percent,
        "forced_in": version.forced_in,
        "forced_out": version.forced_out,
        "version": rollout.version,
        "group": version.group,
        "shadow_group": rollout.shadow_group,
        "candidate": version.pipeline,
        "dial": version.dial,
    }


def known_json(rollout: Rollout) -> Json:
    """All of a rollout, as what is known of the flags: the candidate's row, every version's, what each flag says."""
    rows = {version.pipeline: rollout_json(rollout, version.pipeline) for version in rollout.versions}
    return {**rollout_json(rollout), "versions": rows, "contents": contents_of(rollout)}


def contents_of(rollout: Rollout) -> dict[str, str]:
    """What each flag says, in short."""
    said = {flag_of(version.pipeline): version.content for version in rollout.versions}
    unread = {flag for flag, _ in rollout.broken}
    return {flag: text for flag, text in {**said, SHADOW_FLAG: rollout.shadow_content}.items() if flag not in unread}


def changed_versions(before: Rollout, after: Rollout) -> tuple[Pipeline, ...]:
    """The versions whose flags a change made say something else, newest first: a row of the history each."""
    changed = (one.pipeline for one in after.versions if one.content != before.of(one.pipeline).content)
    return tuple(changed) or (() if after.version == before.version else (after.candidate,))


def rollout_of_known(known: Json, versions: Versions) -> Rollout:
    """The rollout that `known_json` wrote down."""
    rows: Json = known.get("versions") or {known.get("candidate", versions.candidate): known}
    contents = known.get("contents") or {}
    return Rollout(
        versions=tuple(
            _version_of(version, rows[version], contents.get(flag_of(version), ""))
            for version in reversed(versions.flagged)
            if version in rows
        ),
        shadow_percent=known["shadow_percent"],
        version=known["version"],
        candidate=versions.candidate,
        base=versions.base,
        shadow_group=known.get("shadow_group", SHADOW_FLAG),
        shadow_content=contents.get(SHADOW_FLAG, ""),
    )


def _version_of(version: Pipeline, row: Json, content: str) -> VersionRollout:
    percent, enabled, dial = row["percent"], row["enabled"], row.get("dial")
    return VersionRollout(
        pipeline=version,
        percent=percent,
        enabled=enabled,
        forced_in=tuple(row["forced_in"]),
        forced_out=tuple(row["forced_out"]),
        group=row.get("group", flag_of(version)),
        content=content,
        served=dial if enabled and dial != percent else None,
    )
