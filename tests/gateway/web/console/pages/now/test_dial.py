"""The dial's form: what was typed, what is wrong with it, and what the turn would do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flags.change.preview import Preview
from flags.model import Rollout
from gateway.jobs.load import Load
from gateway.rollout.guard.price import StepPrice
from gateway.rollout.ramp.plan import Plan, Ramp
from gateway.web.console.forms import Form
from gateway.web.console.pages.now.agreement import Asked
from gateway.web.console.pages.now.dial.form import (
    after_of,
    button_text,
    set_share,
    typed_of,
    wants_text,
    why_problem,
)
from gateway.web.console.pages.now.dial.preview import Effects, Priced, preview_lines
from gateway.web.console.pages.now.forced.view import forced_users
from gateway.web.console.pages.now.ramp.block import ramp_block
from gateway.web.console.pages.now.seen import Held
from tests.gateway.web.console.pages.now.looks import MOVED, NOW, overridden, rollout, seen

TWO = rollout(v2=25.0)
THREE = rollout(v2=25.0, v3=20.0)  # of all users 20 get v3, 20 v2, 60 v1
THIN = "\u2009"


def form(**fields: str) -> Form:
    return Form({name.replace("_", "-"): value for name, value in fields.items()})


@given(st.integers(0, 1000))
def test_what_is_typed_by_the_rule_is_set_and_the_button_says_it(tenths: int) -> None:
    percent = tenths / 10
    wanted, problems = typed_of(form(share_v2=f"{percent:g}"), TWO)
    assert problems == {}
    assert set_share(after_of(TWO, wanted), "v2") == percent
    if abs(percent - 25) > 0.05:
        assert f"{percent:g}{THIN}%" in button_text(wanted, TWO)
        assert wants_text(wanted, TWO).startswith(f"v2 {percent:g}{THIN}% from 25")
    assert bool(why_problem(wanted, TWO)) == (percent > 50)
    assert why_problem(replace(wanted, why="support is staffed"), TWO) == ""


@given(st.one_of(st.floats(100.1, 1e6), st.floats(-1e6, -0.1), st.sampled_from((12.34, 0.01, 99.999))))
def test_what_breaks_the_rule_says_it_and_is_nothing(percent: float) -> None:
    wanted, problems = typed_of(form(share_v2=str(percent)), TWO)
    assert list(problems) == ["share-v2"]
    assert wanted.shares == {}


def test_shares_of_several_versions_are_of_all_users() -> None:
    wanted, problems = typed_of(form(share_v3="40"), THREE)
    assert (problems, wanted.changed(THREE)) == ({}, {"v3": 40.0})
    after = after_of(THREE, wanted)
    assert set_share(after, "v3") == 40.0
    assert button_text(wanted, THREE) == f"Set v3 to 40{THIN}%"
    too_much, problems = typed_of(form(share_v3="60", share_v2="50"), THREE)
    assert "more than the 40 % that newer versions leave" in problems["share-v3"]
    assert too_much.shares == {"v3": 60.0, "v2": 50.0}


def effects(known: int = 24_810, to: int = 6203, back: int = 0, **parts: object) -> Effects:
    moves = Preview("v2", "v1", 25.0, 50.0, tuple(f"u{n}" for n in range(to)), tuple(f"b{n}" for n in range(back)))
    load = Load("v2", 25.0, 49.0, 3.8, 0.4, "")
    made = Effects(
        "v2", 25.0, 50.0, moves, known, load, replace(load, jobs_an_hour=98.0, slots=4.0, usd_an_hour=0.8),
        Priced(StepPrice("v2", 25.0, 1200.0, 24.0, ""), 0.012), Priced(StepPrice("v2", 50.0, 1000.0, 10.0, ""), 0.012),
        seen_users=522,
    )  # fmt: skip
    return replace(made, **parts)  # type: ignore[arg-type]


def ramp(state: str = "running", **parts: object) -> Ramp:
    plan = Plan((1.0, 5.0, 25.0, 50.0, 100.0), 3600.0, 200, pipeline="v2")
    made = Ramp(3, plan, "running", 2, MOVED, 5.0, "ana", "", "waits", None, MOVED, NOW, None)
    return replace(made, state=state, **parts)  # type: ignore[arg-type]


def test_the_preview_says_who_moves_the_load_the_price_and_what_the_ramp_does() -> None:
    lines = {line.name: f"{line.strong}{line.text}" for line in preview_lines(effects(), ramp(), Asked(TWO, "v1"))}
    assert lines["Who moves"] == "6,203of 24,810 known users go to v2; nobody goes back."
    assert lines["Load"] == "v2 jobs 49 to 98 an hour; slots busy 3.8 to 4; cost about $0.40 an hour more."
    assert lines["Price of knowing"] == (
        f"About 240 more users on v2 until a doubled failure rate would be seen: 4.8 h at 50{THIN}%, 14 h if you stay "
        f"at 25{THIN}%. Until then about 2.9 users more would have failed, if it is doubled."
    )
    assert lines["Ramp"] == f"Pauses: a person set the dial; resumed, it goes on from 50{THIN}%."
    made = effects()
    young = preview_lines(replace(made, load_after=replace(made.load_after, hours=3.4)), None, Asked(TWO, "v1"))
    assert young[1].text.startswith("v2 jobs 49 to 98 an hour by the last 3.4 h; ")
    busy = replace(made, load_after=replace(made.load_after, jobs_an_hour=2_231.0, slots=0.003))
    assert (
        "v2 jobs 49 to 2,230 an hour; slots busy 3.8 to under 0.1"
        in preview_lines(busy, None, Asked(TWO, "v1"))[1].text
    )
    held, *_ = preview_lines(effects(), None, Asked(TWO, "v1", overridden()))
    assert "until it is lifted, nobody moves" in held.strong


@pytest.mark.parametrize(
    ("changes", "name", "text"),
    [
        ({"known": 0}, "Who moves", "No user is known yet: nobody moves."),
        ({"after": 25.0}, "Who moves", "Nobody: this is what is set."),
        ({"price_after": None}, "Price of knowing", "Cannot be told."),
        ({"price_after": Priced(StepPrice("v2", 0.1, 1e6, 9e4, ""), 0.01)}, "Price of knowing",
         "Will not be known at this dial; comparisons answer sooner."),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_said(changes: dict[str, object], name: str, text: str) -> None:
    found = {line.name: line for line in preview_lines(effects(**changes), None, Asked(TWO, "v1"))}  # type: ignore[arg-type]
    assert (found[name].strong, found[name].text) == ("", text)


def test_a_ramp_shows_what_it_waits_for_and_that_nobody_looks() -> None:
    block = ramp_block(seen(ramp=Held([ramp(note="inconclusive: too few")])))
    assert [step.state for step in block.steps] == ["done", "done", "now", "next", "next"]
    assert (block.steps[2].waits, block.orders, block.stuck) == ("inconclusive: too few", ("pause", "abort"), "")
    silent = ramp_block(seen(ramp=Held([ramp(looked_at=NOW - timedelta(seconds=40))])))
    assert silent.stuck == "No worker looks at it: not for 40 s."
    paused = ramp_block(seen(ramp=Held([ramp("paused", note="somebody set the dial")])))
    assert (paused.orders, paused.resumes) == (("resume", "abort"), f"from 25{THIN}%")
    assert ramp_block(seen()).note == "No ramp. Start one."
    assert ramp_block(seen(ramp=Held(problem="away"))).note == "The ramp could not be read: away"
    assert "GUARD=off" in ramp_block(seen(guard_mode="off")).guard


def test_who_is_called_by_name_gets_what_the_flags_say_and_has_an_age() -> None:
    named = {"v3": ("ann",), "v2": ("cy",)}
    versions = (replace(one, forced_out=("bob", "cy"), forced_in=named[one.pipeline]) for one in THREE.versions)
    flags: Rollout = replace(THREE, versions=tuple(versions))
    since = {("v3", "forced_in", "ann"): NOW - timedelta(hours=3)}
    users = forced_users(flags, since, NOW)
    assert [(one.user_id, one.version, one.age) for one in users] == [
        ("ann", "v3", "3.0 h"),
        ("bob", "v1", "not known"),
        ("cy", "v2", "not known"),
    ]
