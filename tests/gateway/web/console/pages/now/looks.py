"""Looks at a rollout that tests make up: every part known, unless they say otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flags.model import Override, Rollout, VersionRollout
from gateway.rollout.history import Entry
from gateway.rollout.processes.live import LiveProcess
from gateway.web.console.pages.now.agreement import Asked, Counted, Watched
from gateway.web.console.pages.now.seen import DialRow, Held, OpenJobs, Seen
from gateway.web.console.questions.model import Answer, Side, State, Versus
from gateway.web.console.questions.read import Asked as Asking

NOW = datetime(2026, 11, 28, 2, 14, 7, tzinfo=UTC)
MOVED = NOW - timedelta(hours=5, minutes=34)


def rollout(**dials: float) -> Rollout:
    """Flags of v2, v3 ... at these percentages, on."""
    versions = [VersionRollout(version, percent, enabled=True, content="x") for version, percent in dials.items()]
    return Rollout(tuple(reversed(versions)), 0.0, "version-1", candidate=[*dials][-1])


def process(name: str = "api-1", *, live: bool = True, override: bool = False, **dials: float) -> LiveProcess:
    """A process that has these dials in force."""
    shown = {
        version: {"percent": dial, "enabled": True, "dial": dial, "measured": dial} for version, dial in dials.items()
    }
    return LiveProcess(
        name=name, kind="api", release="0", started_at=MOVED, silent_seconds=0.4 if live else 40.0, live=live,
        versions=["v1", *dials], broken=[], base="v1", dials=shown, override=override, flags_source="file",
        flags_revision="r", flags_age_seconds=0.5, flags_error=None, last_start_seconds=None, listens=True,
    )  # fmt: skip


def counted(others: Mapping[str, int] | None = None, **users: int) -> Counted:
    """Users by version."""
    return Counted(MOVED, users, others or {})


def overridden(why: str = "it hurts") -> Override:
    return Override("ana", why, NOW - timedelta(minutes=3))


def entry(number: int = 1, **columns: Any) -> Entry:
    """A row of the history."""
    row: dict[str, Any] = {
        "id": number, "at": MOVED, "what": "rollout", "actor": "ana", "via": "console", "why": "",
        "before": {"candidate": "v2", "dial": 5.0, "percent": 5.0, "enabled": True},
        "after": {"candidate": "v2", "dial": 25.0, "percent": 25.0, "enabled": True}, "revision": "r",
    }  # fmt: skip
    return Entry(**{**row, **columns})


def answer(key: str, state: State, need: str = "") -> Answer:
    """To one of the four questions."""
    return Answer(key, f"{key}?", "as it is", "numbers", state, need, since=MOVED)


def versus(dial: float = 25.0) -> Versus:
    """The version in question and the base."""
    return Versus(Side("v2", 1), Side("v1", 0), dial, MOVED, NOW, MOVED)


def seen(
    asked: Asked | Rollout | None = None,
    processes: Sequence[LiveProcess] = (),
    users: Counted | None = None,
    *,
    answers: tuple[Answer, ...] = (),
    **parts: Any,
) -> Seen:
    """One look."""
    if not isinstance(asked, Asked):
        asked = Asked(asked or rollout(v2=25.0), "v1", age_seconds=1.0)
    ladder = () if asked.rollout is None else asked.rollout.ladder
    whole = Seen(
        now=NOW,
        asked=asked,
        versions=("v1", *(one.pipeline for one in reversed(ladder))),
        kept_in="unleash",
        guard_mode="on",
        processes=Held(list(processes)),
        dials=Held([DialRow(MOVED, "v2", 25.0, "ramp 1", "ramp", "rollout")]),
        ramp=Held([]),
        guarded=Held([]),
        history=Held([]),
        jobs=Held(OpenJobs((), 0, 0.0, ())),
        restores=Held([]),
        counted=Held(users) if users is not None else Held(being_read=True),
        failures=Held([]),
        watched=Watched(asked.shares),
        version=ladder[0].pipeline if ladder else "v2",
        questions=Asking(versus(ladder[0].dial if ladder else 0.0), None, (), answers),
    )
    return replace(whole, **parts)
