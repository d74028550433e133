"""Which version is held against which: what is known of a rollout before its questions are asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flags.model import FlagState, Pipeline, Rollout
from gateway.rollout.guard.store import GuardedRollout
from gateway.rollout.history import Entry
from gateway.web.console.draw.lines import DialStep
from gateway.web.console.questions.model import THIN, Side, Versus
from pipelines.versions import oldest_first

WITHOUT_ROLLOUT: Final = timedelta(days=7)  # so far back is looked where no dial ever rose


def candidates(state: FlagState) -> tuple[Pipeline, ...]:
    """The versions above the base, newest first."""
    return state.versions.ladder


def chosen(state: FlagState, asked: str | None) -> Pipeline | None:
    """The version that a page is about: the one asked for, else the newest that some users have, else the newest."""
    there = candidates(state)
    if asked in there:
        return asked
    rollout = state.rollout
    tried = [name for name in there if rollout is not None and 0 < rollout.of(name).dial < 100]
    return next(iter((*tried, *there)), None)


def order_of(pipeline: Pipeline, known: Iterable[Pipeline]) -> int:
    """Its place among all versions, the oldest is 0."""
    return oldest_first({*known, pipeline}).index(pipeline)


def against_of(state: FlagState, pipeline: Pipeline) -> Pipeline:
    return state.versions.base if state.rollout is None else state.rollout.against(pipeline)


def dial_of(state: FlagState, pipeline: Pipeline) -> float:
    """What is in force here."""
    rollout: Rollout | None = None if state.override is not None else state.rollout
    return 0.0 if rollout is None else rollout.of(pipeline).dial


@dataclass(frozen=True, slots=True)
class About:
    """What is read of one version. `known`: the names of all versions."""

    pipeline: Pipeline
    known: Sequence[Pipeline]
    guarded: GuardedRollout | None = None
    entries: Sequence[Entry] = ()


def versus_of(state: FlagState, about: About, now: datetime) -> Versus:
    """From the flags in force, the rollout that the guard keeps, and the history's rows about the version."""
    pipeline, known, entries = about.pipeline, about.known, about.entries
    dial = dial_of(state, pipeline)
    guarded, risen = of_now(about.guarded, entries, pipeline, dial), risen_of(entries, pipeline) if dial else None
    other = guarded.against if guarded else against_of(state, pipeline)
    since = guarded.started_at if guarded else risen or now - WITHOUT_ROLLOUT
    dials = [one for one in dials_of(entries, pipeline) if one[0] >= since - timedelta(seconds=1)]
    ended = dials[-1][0] if dials and dial == 0 and dials[-1][1] == 0 and dials[-1][0] > since else now
    return Versus(
        mine=Side(pipeline, order_of(pipeline, known)),
        other=Side(other, order_of(other, known)),
        dial=dial,
        since=since,
        until=max(ended, since + timedelta(seconds=1)),
        dial_since=dials[-1][0] if dials else since,
        steps=[DialStep(at, f"dial {to:g}{THIN}%") for at, to in dials],
    )


def of_now(
    guarded: GuardedRollout | None, entries: Sequence[Entry], pipeline: Pipeline, dial: float
) -> GuardedRollout | None:
    """What the guard keeps, while it is of the rollout in force. Once the dial rose from 0 anew, and until the guard
    looks, it is of the one before, and says nothing of this one. At 0 it is of the last one."""
    risen = risen_of(entries, pipeline) if dial else None
    return None if guarded is not None and risen is not None and guarded.started_at < risen else guarded


def risen_of(entries: Sequence[Entry], pipeline: Pipeline) -> datetime | None:
    """When the version's dial last rose from 0, as the guard has it: by a change, or because an override was lifted.

    `entries`: newest first, as the history tells them."""
    return next((one.at for one in entries if rises(one, pipeline)), None)


def rises(entry: Entry, pipeline: Pipeline) -> bool:
    before = entry.before or {}
    if entry.what == "override":
        return before.get("override") is True and entry.after.get("override") is False
    is_own = entry.what == "rollout" and entry.pipeline == pipeline
    return is_own and float(entry.after.get("dial") or 0) > 0 and not float(before.get("dial") or 0)


def dials_of(entries: Sequence[Entry], pipeline: Pipeline) -> list[tuple[datetime, float]]:
    """When the version's dial was set to something else, oldest first; an override takes it to 0."""
    found = list[tuple[datetime, float]]()
    for one in sorted(entries, key=lambda entry: entry.id):
        if one.what == "override" and one.after.get("override"):
            found.append((one.at, 0.0))
        elif one.what == "rollout" and one.pipeline == pipeline and "dial" in one.after:
            to = float(one.after["dial"] or 0)
            if (one.before or {}).get("dial") != to:
                found.append((one.at, to))
    return found
