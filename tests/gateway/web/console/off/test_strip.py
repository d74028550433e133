"""What every page says while everything is off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flags.model import FlagState, Override, Rollout, VersionRollout
from gateway.rollout.all_off.switch import AllOff
from gateway.rollout.history import Entry
from gateway.rollout.processes.live import LiveProcess
from gateway.web.console.off.read import OffFacts
from gateway.web.console.off.strip import JustOff, strip_of

NOW = datetime(2026, 11, 28, 2, 14, 20, tzinfo=UTC)
AT = NOW - timedelta(seconds=11)


def state_at(dial: float, source: str = "unleash", **more: Any) -> FlagState:
    rollout = Rollout((VersionRollout("v2", percent=25, enabled=bool(dial), content="x"),), 0, "7")
    return FlagState(source, known=True, healthy=True, revision="1", dial=dial, age_seconds=1, rollout=rollout, **more)


def process(dial: float, *, last_start: float | None = 0.04, override: bool = False) -> LiveProcess:
    return LiveProcess(
        name="a", kind="api", release="1", started_at=NOW, silent_seconds=1, live=True, versions=["v1", "v2"],
        broken=[], base="v1", dials={"v2": {"dial": dial}}, override=override, flags_source="unleash",
        flags_revision="1", flags_age_seconds=1, flags_error=None, last_start_seconds=last_start, listens=True,
    )  # fmt: skip


def row(what: Any, number: int = 7, why: str = "", notes: list[dict[str, Any]] | None = None) -> Entry:
    before: dict[str, Any] = {"override": False} if what == "override" else {"dial": 25, "candidate": "v2"}
    after: dict[str, Any] = {"override": True} if what == "override" else {"dial": 0, "candidate": "v2"}
    return Entry(number, AT, what, "op-1", "console", why, before, after, "8", notes or [])


OFF = state_at(0)
HELD = state_at(25, override=Override("op-1", "", AT))
JUST = JustOff(AllOff(("flags",), None, None, written=False), "op-1", AT)


def said(state: FlagState, facts: OffFacts | None, just: JustOff | None = None) -> str:
    strip = strip_of(state, facts, just, NOW)
    return "" if strip is None else " ".join(strip.sentences)


def test_while_somebody_gets_another_version_nothing_is_said() -> None:
    assert said(state_at(25), OffFacts((row("rollout"),), (), 0)) == ""


def test_since_when_by_which_way_who_follows_and_what_moves() -> None:
    facts = OffFacts((row("rollout"),), (process(0), process(25, last_start=None)), 9)
    assert said(OFF, facts) == (
        "Off since 02:14:09 UTC, by Unleash (op-1). 1 of 2 processes follow. "
        "The last job of a newer version was started 0.04 s after that. 9 jobs of newer versions still run."
    )
    strip = strip_of(OFF, facts, None, NOW)
    assert strip is not None
    assert (strip.moving, strip.wants_why, strip.row, strip.lift) == (True, True, 7, None)
    assert strip.undo == "Undo: back to 25\u2009% on v2"


def test_it_stays_until_it_stands_still_and_why_is_known() -> None:
    old = OffFacts((replace(row("rollout"), at=NOW - timedelta(hours=9)),), (process(0),), 0)
    asks = strip_of(OFF, old, None, NOW)
    assert asks is not None
    assert (asks.moving, asks.wants_why) == (False, True)
    answered = OffFacts((replace(old.rows[0], notes=[{"why": "v2 writes nonsense"}]),), old.processes, 0)
    assert strip_of(OFF, answered, None, NOW) is None
    fresh = strip_of(OFF, OffFacts((row("rollout", why="tests"),), (process(0),), 0), None, NOW)
    assert fresh is not None
    assert (fresh.why, fresh.wants_why) == ("tests", False)


def test_with_the_override_in_force_it_is_said_what_the_flags_hold() -> None:
    facts = OffFacts((row("override"),), (process(25, override=True),), 0)
    assert said(HELD, facts).startswith("Off since 02:14:09 UTC, by the override (op-1). 1 of 1 processes follow.")
    strip = strip_of(HELD, facts, None, NOW)
    assert strip is not None
    assert strip.lift == "The flags in Unleash say 25\u2009% on v2; the override holds v1."
    assert strip.undo == "Undo: back to 25\u2009% on v2"
    both = OffFacts((row("rollout", 8), row("override")), (), 0)
    assert "by the override and Unleash" in said(replace(OFF, override=HELD.override), both)
    away = replace(HELD, healthy=False)
    lift = strip_of(away, facts, None, NOW)
    assert lift is not None
    assert lift.lift is None


def test_without_a_database_it_is_said_from_memory() -> None:
    assert said(OFF, None, JUST).startswith("Off since 02:14:09 UTC, by Unleash (op-1). The database does not answer")
    assert said(OFF, None) == ""
    assert said(HELD, None).startswith("Off since 02:14:09 UTC, by the override (op-1).")
    unknown = replace(OFF, known=False, rollout=None)
    assert said(unknown, None, JUST) != ""


def test_what_was_off_already_is_said_for_a_while() -> None:
    nothing = OffFacts((), (), 0)
    assert said(OFF, nothing, JUST) == "It was off already at 02:14:09 UTC: everybody gets v1."
    assert said(OFF, nothing, replace(JUST, at=NOW - timedelta(hours=1))) == ""
