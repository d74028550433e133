"""Now's sentences and numbers: made of what was read, and never more certain than that."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rollout.processes.live import LiveProcess
from gateway.statistics.chance import chance_range
from gateway.web.console.pages.now.agreement import (
    CHANCE,
    LEAST_USERS,
    Asked,
    Counted,
    Watched,
    in_force,
    measure,
    same,
    shares_in,
    watch,
)
from gateway.web.console.pages.now.seen import Held, Seen
from gateway.web.console.pages.now.view import NowView, view_of
from tests.gateway.web.console.pages.now.looks import (
    MOVED,
    NOW,
    answer,
    counted,
    entry,
    overridden,
    process,
    rollout,
    seen,
)

DIALS = st.sampled_from((0.0, 1.0, 5.0, 12.4, 20.0, 25.0, 50.0, 100.0))
THIN = "\u2009"


@st.composite
def looks(draw: st.DrawFn) -> Seen:
    """Whatever may be read: processes that follow, differ or are silent; any users; known flags or none."""
    several = draw(st.booleans())
    dials = {"v2": draw(DIALS), **({"v3": draw(DIALS)} if several else {})}
    override = overridden() if draw(st.booleans()) else None
    known = draw(st.booleans()) or draw(st.booleans())
    asked = Asked(rollout(**dials) if known else None, "v1", override, fresh=known)
    processes = [
        process(
            f"p{index}",
            live=draw(st.booleans()) or draw(st.booleans()),
            override=(override is not None) != (draw(st.integers(0, 5)) == 0),
            **(dials if draw(st.integers(0, 3)) else {version: draw(DIALS) for version in dials}),
        )
        for index in range(draw(st.integers(0, 4)))
    ]
    users = {version: draw(st.integers(0, 400)) for version in ("v1", *dials)} if draw(st.booleans()) else None
    found = None if users is None else Counted(MOVED, users, {})
    look = seen(asked, processes, found)
    return replace(look, watched=Watched(asked.shares, MOVED if draw(st.booleans()) else None))


@given(looks())
def test_the_headline_never_contradicts_its_numbers(look: Seen) -> None:
    view = view_of(look)
    force = in_force(look.processes.value or (), look.asked.shares)
    measured = measure(look.counted.value, look.asked.shares, force)
    claims_a_fact = (
        view.headline.who.startswith(("All", "A quarter", "Half", "Three", "One user", "Everybody", "Of all"))
        or "of users get " in view.headline.who
    )
    if claims_a_fact:
        assert force.sign == "agrees", "every process is known to do it"
        assert measured.sign != "differs"
        assert look.asked.shares is not None
        assert look.asked.rollout is not None or look.asked.override is not None
    if view.headline.tone == "wrong":
        assert look.watched.is_wrong(look.now)
        assert "differs" in {force.sign, measured.sign}
    if view.headline.tone == "off" and look.asked.shares is not None:
        assert same(look.asked.shares, {"v1": 100.0})
    numbers = [(one.version, one.value) for one in view.three.asked.numbers]
    if view.headline.who.startswith("Everybody"):
        assert numbers == [("v1", "100")] or {value for _, value in numbers} == {"0"}
    if view.headline.who.startswith("All users"):
        assert "100" in {value for _, value in numbers}


@given(looks())
def test_what_is_measured_never_agrees_while_a_process_is_unknown_or_differs(look: Seen) -> None:
    view = view_of(look)
    states = {one.sign for one in view.three.force.processes}
    if states != {"agrees"}:
        assert view.three.measured.sign != "agrees"
        assert view.three.force.sign != "agrees"
    for one in look.processes.value or ():
        shown = next(found for found in view.three.force.processes if found.name == one.name)
        assert (shown.sign == "unknown") >= (not one.live), "a silent process never agrees"
    if view.three.measured.sign == "agrees":
        assert view.three.measured.numbers


@given(st.integers(LEAST_USERS, 2000), st.floats(0, 1), DIALS)
def test_the_sign_of_the_measured_share_is_that_of_its_chance_interval(total: int, part: float, dial: float) -> None:
    asked = {"v2": dial, "v1": 100 - dial}
    users = {"v2": round(total * part), "v1": total - round(total * part)}
    measured = measure(Counted(MOVED, users), asked, in_force([process(v2=dial)], asked))
    low, high = chance_range(total, dial / 100, CHANCE / 2)
    assert measured.sign == ("agrees" if low <= users["v2"] <= high else "differs")
    assert sum(one.users for one in measured.shares) == total


def page(look: Seen) -> NowView:
    return view_of(look)


def test_a_quarter_of_users_get_v2_and_all_three_agree() -> None:
    look = seen(None, [process(f"api-{n}", v2=25.0) for n in range(1, 5)], counted({"v1_only": 18}, v1=1036, v2=338))
    view = page(look)
    assert view.headline.who == "A quarter of users get v2."
    three = view.three
    assert (three.asked.title, three.asked.numbers[0].value) == ("Asked for, in Unleash", "25")
    assert three.asked.notes == ("by ramp 1, 20:40 UTC", "read 1 s ago")
    assert (three.force.title, three.force.numbers[0].value, three.force.sign) == ("In force in 4 of 4", "25", "agrees")
    assert (three.measured.numbers[0].value, three.measured.sign) == ("24.6", "agrees")
    assert three.measured.title == "Measured since 2026-11-27 20:40"
    assert three.measured.notes[0].startswith("338 of 1,374 users; 21 to 29.1")
    assert not three.wrong
    assert view.outside == "Outside the flag: no stored export 18."


def test_the_headline_counts_the_answers_and_says_what_speaks_against_the_version() -> None:
    good = (answer("failures", "open", "Open: about 478 more users, 9.8 h"), answer("time", "answered"),
            answer("facts", "answered"), answer("sample", "answered"))  # fmt: skip
    view = page(seen(None, [process(v2=25.0)], answers=good))
    assert view.headline.questions == "Three questions are answered, one is open."
    assert view.explains[0] == "Open: whether it fails more (about 478 more users, 9.8 h)."
    bad = (answer("failures", "harm"), answer("time", "harm"), *good[2:])
    told = page(seen(None, [process(v2=25.0)], answers=bad))
    assert told.headline.questions == "v2 fails more and is slower."
    assert told.explains[0] == "Fails more: numbers; counted since 2026-11-27 20:40 UTC."
    over = page(seen(rollout(v2=0.0), [process(v2=0.0)], answers=(*bad, answer("facts", "harm"))))
    assert over.headline.questions == "While users had v2, it failed more and was slower. v2 loses facts."
    unknown = tuple(answer(one.key, "unknown") for one in good)
    assert page(seen(None, [process(v2=25.0)], answers=unknown)).headline.questions == "Four questions are open."


def test_any_number_of_versions_stands_beside_each_other() -> None:
    """Flags at 20 and 25 %: of all users 20 get v3, 20 get v2."""
    look = seen(rollout(v2=25.0, v3=20.0), [process(v2=25.0, v3=20.0)], counted(v1=600, v2=200, v3=200))
    view = page(look)
    assert view.headline.who == f"Of all users v3 20{THIN}%, v2 20{THIN}%, v1 60{THIN}%."
    assert [(one.value, one.version) for one in view.three.force.numbers] == [("20", "v3"), ("20", "v2")]
    assert [(one.value, one.version) for one in view.three.measured.numbers] == [("20", "v3"), ("20", "v2")]
    assert view.three.measured.sign == "agrees"


def test_a_process_may_take_a_moment_to_follow_and_then_it_is_named() -> None:
    processes = [process("api-1", v2=25.0), process("api-2", v2=5.0)]
    look = seen(None, processes, counted(v1=10))
    moving = page(look)
    assert moving.headline.who == "The dial is moving: 1 of 2 processes follows."
    assert moving.three.force.said == "mixed"
    late = page(replace(look, watched=Watched(look.asked.shares, differs_since=NOW - timedelta(seconds=6))))
    assert (late.headline.tone, late.headline.who) == ("wrong", "1 of 2 processes does not do what is asked for.")
    assert late.three.wrong
    first = late.three.force.processes[0]
    assert (first.name, first.sign, first.said) == ("api-2", "differs", f"5{THIN}%")


def test_looks_add_up_to_a_disagreement_and_a_turned_dial_begins_anew() -> None:
    asked = {"v2": 25.0, "v1": 75.0}
    stale = in_force([process(v2=5.0)], asked)
    off = measure(Counted(MOVED, {"v2": 5, "v1": 395}), asked, in_force([process(v2=25.0)], asked))
    watched = Watched()
    for seconds in range(0, 8, 2):
        watched = watch(watched, NOW + timedelta(seconds=seconds), asked, stale, off)
        assert watched.is_wrong(NOW + timedelta(seconds=seconds)) == (seconds >= 4)
    assert watched.differs_since == NOW
    turned = watch(watched, NOW, {"v2": 5.0, "v1": 95.0}, in_force([], None), off)
    assert (turned.differs_since, turned.outside_looks) == (None, 1)


def test_a_silent_process_is_unknown_and_nothing_is_said_to_agree() -> None:
    view = page(seen(None, [process("api-1", v2=25.0), process("gone", live=False, v2=25.0)], counted(v1=75, v2=25)))
    assert view.headline.who == f"Asked for: 25{THIN}% on v2; of 1 of 2 processes nothing is heard."
    assert (view.three.force.title, view.three.force.sign) == ("In force in 1 of 2", "unknown")
    assert view.three.force.processes[0].said == "unknown, silent for 40 s"
    assert view.three.measured.sign_text.startswith("cannot be compared")


def test_too_few_users_are_no_number() -> None:
    view = page(seen(None, [process(v2=25.0)], counted(v1=20, v2=9)))
    assert (view.three.measured.numbers, view.three.measured.said) == ((), "too few")
    assert view.three.measured.notes[0] == "29 users came since then"


def test_flags_that_do_not_answer_are_said_to_be_as_last_known() -> None:
    asked = Asked(rollout(v2=25.0), "v1", fresh=False, age_seconds=40, problem="Unleash does not answer")
    view = page(seen(asked, [process(v2=25.0)]))
    assert view.three.asked.struck
    assert view.three.asked.notes[:2] == ("as last known, 40 s old", "Unleash does not answer")
    never = page(seen(Asked(None, "v1", fresh=False, problem="no answer"), [process()]))
    assert never.headline.who == "What is asked for is not known: everybody gets v1."
    assert (never.three.asked.said, never.three.asked.notes[0]) == ("unknown", "everybody gets v1")


def test_an_override_is_what_is_in_force_and_the_flags_are_named_beside_it() -> None:
    asked = Asked(rollout(v2=25.0), "v1", overridden("<b>why</b>"))
    view = page(seen(asked, [process(v2=25.0, override=True)], counted(v1=0)))
    assert view.headline == replace(view.headline, who="Everybody gets v1: an override holds it.", tone="off")
    assert f"the flags say v2 25{THIN}%" in view.three.asked.notes
    assert view.three.force.sign == "agrees"


def test_parts_that_cannot_be_read_say_so_and_the_others_stay() -> None:
    look = replace(seen(), processes=Held(problem="no connection"), jobs=Held(problem="no connection"))
    view = page(look)
    assert view.three.force.notes == ("the processes could not be read: no connection",)
    assert view.facts[0].text == "The jobs could not be read: no connection"
    assert view.three.asked.numbers[0].value == "25"
    assert view.headline.who.endswith("no process says what it does.")


def test_the_last_rows_of_the_history_say_what_changed_and_what_can_be_undone() -> None:
    rows = [
        entry(4),
        entry(3, what="ramp", before={"ramp": "none"}, after={"ramp": "started", "steps": "1, 5", "step": 1}),
        entry(2, via="unleash", before={"candidate": "v2", "dial": 5.0, "shadow_percent": 5.0},
              after={"candidate": "v2", "dial": 5.0, "shadow_percent": 10.0}),
        entry(1, before={"candidate": "v2", "forced_in": []}, after={"candidate": "v2", "forced_in": ["<i>u</i>"]},
              notes=[{"actor": "ben", "why": "ticket"}]),
    ]  # fmt: skip
    log = page(seen(None, [], history=Held(rows))).log
    assert [row.text for row in log] == [
        f"v2: dial 5{THIN}% to 25{THIN}%, ana",
        "Ramp started 1, 5 %, ana",
        f"v2: compared 5{THIN}% to 10{THIN}%, ana",
        "v2: <i>u</i> always on it, ana",
    ]
    assert [row.undo for row in log] == [4, None, 2, 1]
    assert (log[2].why, log[3].why) == ("made elsewhere", "ben: ticket")


@pytest.mark.parametrize("silent", [True, False])
def test_a_process_has_in_force_what_its_ladder_makes_of_its_dials(silent: bool) -> None:
    one: LiveProcess = process(live=not silent, v2=25.0, v3=20.0, v10=50.0)
    assert shares_in(one) == (None if silent else pytest.approx({"v10": 50.0, "v3": 10.0, "v2": 10.0, "v1": 30.0}))
